internal import FoundationEssentials
internal import Synchronization
internal import VectorMath

extension GaussianClusters {
  /// Rows that are made at once, in parallel.
  private static let blockRows = 4096

  /// Writes the vectors, or queries of the same distribution, to a file in constant memory.
  ///
  /// - Parameters:
  ///   - path: a name that ends in `.npy`, `.fvecs` or `.fbin`.
  ///   - queryCount: when given, that many queries are written instead of the vectors.
  ///   - progress: called with the number of rows written so far.
  /// - Complexity: count × dimension normal numbers, divided over the processors.
  public func write(
    to path: String, queryCount: Int? = nil, progress: (Int) -> Void = { _ in }
  ) throws(VectorFileError) {
    let centers = centers()
    let rowCount = queryCount ?? count
    let workers = Workers(threadCount: ProcessInfo.processInfo.activeProcessorCount)
    var writer = try VectorFileWriter(path: path, dimension: dimension)
    for start in stride(from: 0, to: rowCount, by: Self.blockRows) {
      let rows = start..<min(start + Self.blockRows, rowCount)
      let block = block(rows, isQuery: queryCount != nil, centers: centers, workers: workers)
      try block.withRows(0..<rows.count) { (values) throws(VectorFileError) in
        try writer.append(values)
      }
      progress(rows.upperBound)
    }
    try writer.finish()
  }

  private func block(
    _ rows: Range<Int>, isQuery: Bool, centers: VectorMatrix, workers: Workers
  ) -> VectorMatrix {
    VectorMatrix(count: rows.count, dimension: dimension) { values in
      // SAFETY: each piece writes rows of its own in memory that lives through the call.
      nonisolated(unsafe) let target = values
      let pieceRows = 64
      workers.run(pieces: (rows.count + pieceRows - 1) / pieceRows) { piece, _ in
        for index in piece * pieceRows..<min((piece + 1) * pieceRows, rows.count) {
          fill(
            row: rows.lowerBound + index, isQuery: isQuery, centers: centers,
            into: UnsafeMutableBufferPointer(
              rebasing: target[index * dimension..<(index + 1) * dimension]))
        }
      }
    }
  }
}

internal import VectorMath

/// The vectors of an update benchmark: a ring of rows to insert, and queries that are none of them.
struct UpdateVectors: Sendable {
  let rows: VectorMatrix
  let queries: VectorMatrix

  /// The last `queryCount` rows of `file` are the queries.
  init(file: VectorMatrix, queryCount: Int) {
    let rowCount = file.count - queryCount
    rows = file.prefix(rowCount)
    queries = VectorMatrix(count: queryCount, dimension: file.dimension) { values in
      for query in 0..<queryCount {
        for (column, value) in file.row(rowCount + query).enumerated() {
          values[query * file.dimension + column] = value
        }
      }
    }
  }

  /// Draws rows and queries around common centres.
  init(clusters: GaussianClusters, queryCount: Int, threadCount: Int) {
    let centers = clusters.centers()
    func make(_ count: Int, isQuery: Bool) -> VectorMatrix {
      VectorMatrix(count: count, dimension: clusters.dimension) { values in
        // SAFETY: each piece writes rows of its own in memory that lives through the call.
        nonisolated(unsafe) let target = values
        let rowsAPiece = 256
        Workers(threadCount: threadCount).run(
          pieces: (count + rowsAPiece - 1) / rowsAPiece
        ) { piece, _ in
          for row in piece * rowsAPiece..<min(count, (piece + 1) * rowsAPiece) {
            let start = row * clusters.dimension
            clusters.fill(
              row: row, isQuery: isQuery, centers: centers,
              into: UnsafeMutableBufferPointer(
                rebasing: target[start..<start + clusters.dimension]))
          }
        }
      }
    }
    rows = make(clusters.count, isQuery: false)
    queries = make(queryCount, isQuery: true)
  }

  /// The row of a record: records are numbered as they are inserted, and rows come round again.
  func row(of recordID: UInt64) -> Int { Int(recordID % UInt64(rows.count)) }

  /// The vectors of some records, row after row.
  func gather(_ recordIDs: [UInt64]) -> VectorMatrix {
    VectorMatrix(count: recordIDs.count, dimension: rows.dimension) { values in
      for (index, id) in recordIDs.enumerated() {
        let row = rows.row(row(of: id))
        UnsafeMutableBufferPointer(
          rebasing: values[index * rows.dimension..<(index + 1) * rows.dimension]
        ).baseAddress?.update(from: row.baseAddress!, count: rows.dimension)
      }
    }
  }
}

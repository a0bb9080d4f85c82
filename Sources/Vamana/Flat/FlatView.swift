internal import VectorMath

/// Rows as they were at one moment: what a search reads.
struct FlatView: Sendable {
  let dimension: Int
  let metric: Metric
  /// All of ``FlatChunk/rowCountMax`` rows, but for the last.
  let slices: [FlatSlice]
  let count: Int

  /// Whether rows have codes, be it not all.
  var hasCodes: Bool { slices.contains { $0.codedGroupCount > 0 } }

  func recordID(at row: Int) -> UInt64 {
    slices[row / FlatChunk.rowCountMax].chunk.recordIDs[row % FlatChunk.rowCountMax]
  }

  /// The stored vector of a row; valid as long as the view lives.
  func vector(at row: Int) -> UnsafePointer<Float> {
    slices[row / FlatChunk.rowCountMax].chunk.vector(row % FlatChunk.rowCountMax)
  }
}

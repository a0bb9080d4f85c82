internal import VectorMath

/// The rows of a chunk that were there at one moment, whatever is appended to it later.
struct FlatSlice: Sendable {
  let chunk: FlatChunk
  let count: Int
  let codedGroupCount: Int

  init(_ chunk: FlatChunk) {
    self.chunk = chunk
    count = chunk.count
    codedGroupCount = chunk.codedGroupCount
  }

  /// Rows before this have codes.
  var codedCount: Int { codedGroupCount * FlatKernels.rowsAGroup }
}

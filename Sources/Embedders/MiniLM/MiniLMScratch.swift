/// The memory in which one worker runs batches; used by one thread at a time.
final class MiniLMScratch {
  /// The floats from row to row of a text's attention scores.
  static func scoreStride(tokenCount: Int) -> Int {
    let lanes = RowOperations.laneCount
    return (tokenCount + lanes - 1) / lanes * lanes
  }

  /// The state of each token between layers: `tokenCount × dimension`.
  let state: UnsafeMutablePointer<Float>
  /// The state after a layer's attention: `tokenCount × dimension`.
  let attended: UnsafeMutablePointer<Float>
  /// Queries, keys, values and contexts of a layer, then its intermediate values:
  /// `tokenCount × intermediateDimension`, which is 4 · dimension.
  let wide: UnsafeMutablePointer<Float>
  /// The attention scores of one head of one text.
  let scores: UnsafeMutablePointer<Float>

  private let memory: UnsafeMutableRawPointer

  /// - Parameters:
  ///   - tokenCount: the tokens of the largest batch.
  ///   - textTokenCountMax: the tokens of the longest text.
  init(tokenCount: Int, textTokenCountMax: Int) {
    let row = MiniLMShape.dimension
    let scoreCount = textTokenCountMax * Self.scoreStride(tokenCount: textTokenCountMax)
    let count = tokenCount * (2 * row + MiniLMShape.intermediateDimension) + scoreCount
    memory = .allocate(byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
    // SAFETY: each part follows the one before, and `count` is the sum of them all.
    state = memory.bindMemory(to: Float.self, capacity: count)
    attended = state + tokenCount * row
    wide = attended + tokenCount * row
    scores = wide + tokenCount * MiniLMShape.intermediateDimension
  }

  deinit { memory.deallocate() }
}

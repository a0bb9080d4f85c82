import Embedders

/// A small deterministic embedder: each word is a direction that follows from its letters, and a text
/// the sum of its words. Texts that share words are near one another.
struct WordEmbedder: Embedder {
  let model: String
  let dimension: Int

  /// - Parameter dimension: at most 64.
  init(model: String = "words-32", dimension: Int = 32) {
    self.model = model
    self.dimension = dimension
  }

  func embed(_ texts: [String]) async throws -> [[Float]] { texts.map(vector(of:)) }

  func vector(of text: String) -> [Float] {
    // Not zero, so that a text without words has a direction too.
    var sum = [Float](repeating: 0.01, count: dimension)
    for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
      // FNV-1a, then a mix: its low bits alone are much alike for words that are.
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for byte in word.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      hash = (hash ^ (hash >> 31)) &* 0x94d0_49bb_1331_11eb
      hash ^= hash >> 29
      for axis in 0..<dimension { sum[axis] += hash >> UInt64(axis) & 1 == 1 ? 1 : -1 }
    }
    let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return sum.map { $0 / length }
  }
}

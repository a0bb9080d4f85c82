internal import Embedders
internal import Platform

/// Vectors for benchmarks without a model: the sum of a random direction for each word, in few dimensions that are then
/// spread over many, as those of models are: texts with the same words are near, and a vector takes no time.
struct WordSumEmbedder: Embedder {
  let model = "word-sum"
  let dimension: Int
  /// So many that an index of them takes about as long lists as one of a model's embeddings.
  private static let latentDimension = 12
  private let spread: [Float]

  init(dimension: Int) {
    self.dimension = dimension
    var random = RandomStream(seed: 0)
    spread = (0..<dimension * Self.latentDimension).map { _ in Float(random.nextNormal()) }
  }

  func embed(_ texts: [String]) async throws -> [[Float]] { texts.map(vector) }

  private func vector(of text: String) -> [Float] {
    var latent = [Float](repeating: 0, count: Self.latentDimension)
    for word in text.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A || $0 == 0x2E }) {
      var hash = StableHash()
      for byte in word { hash.combine(byte) }
      var random = RandomStream(seed: hash.value)
      for index in latent.indices { latent[index] += Float(random.nextNormal()) }
    }
    var vector = [Float](repeating: 0, count: dimension)
    for index in vector.indices {
      for place in latent.indices {
        vector[index] += latent[place] * spread[index * Self.latentDimension + place]
      }
    }
    let length = max(1e-20, vector.reduce(0) { $0 + $1 * $1 }).squareRoot()
    return vector.map { $0 / length }
  }
}

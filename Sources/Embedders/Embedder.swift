/// Turns texts into vectors whose nearness is nearness of meaning.
///
/// The functions are `async` so that a model behind a network suits the protocol as well as one in
/// the process.
///
///     let embedder: any Embedder = try MiniLMEmbedder(model: MiniLMModel.locate())
///     let vectors = try await embedder.embed(["fix the parser", "the parser is broken"])
public protocol Embedder: Sendable {
  /// The identifier of the model, such as `all-MiniLM-L6-v2`; vectors of different models do not
  /// compare.
  var model: String { get }

  /// The number of components of every vector.
  var dimension: Int { get }

  /// The vectors of `texts`, in their order, each of unit length.
  func embed(_ texts: [String]) async throws -> [[Float]]

  /// The vectors of `texts` one after another in one array of `texts.count × dimension`; for bulk
  /// work.
  func embedContiguously(_ texts: [String]) async throws -> [Float]
}

extension Embedder {
  public func embedContiguously(_ texts: [String]) async throws -> [Float] {
    let vectors = try await embed(texts)
    var result: [Float] = []
    result.reserveCapacity(texts.count * dimension)
    for vector in vectors { result.append(contentsOf: vector) }
    return result
  }

  /// The vector of one text.
  public func embed(_ text: String) async throws -> [Float] {
    try await embedContiguously([text])
  }
}

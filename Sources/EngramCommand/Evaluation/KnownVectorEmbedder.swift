internal import Embedders

/// Gives vectors that were made before, and has the others made.
struct KnownVectorEmbedder: Embedder {
  let vectors: VectorMatrix
  /// The row of each text that has one.
  let rows: [String: Int]
  let others: any Embedder

  var model: String { others.model }
  var dimension: Int { others.dimension }

  /// - Throws: ``CommandFailure`` for vectors of another dimension than the model's.
  init(vectors: VectorMatrix, rows: [String: Int], others: any Embedder) throws {
    guard vectors.dimension == others.dimension else {
      throw CommandFailure(
        "--vectors has dimension \(vectors.dimension); expected \(others.dimension), that of "
          + others.model, status: .badData)
    }
    self.vectors = vectors
    self.rows = rows
    self.others = others
  }

  func embed(_ texts: [String]) async throws -> [[Float]] {
    let unknown = texts.filter { rows[$0] == nil }
    var made = unknown.isEmpty ? [] : try await others.embed(unknown)
    made.reverse()
    return texts.map { text in
      if let row = rows[text] { return Array(vectors[row]) }
      return made.removeLast()
    }
  }
}

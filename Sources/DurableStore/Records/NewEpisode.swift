public import Episodes

/// An episode to store, with the embeddings of its texts.
public struct NewEpisode: Hashable, Sendable {
  public var episode: Episode
  /// Owned by the episode (kinds `episode`, `step` and `summary`).
  public var embeddings: [Embedding]
  /// Whether it was learned from elsewhere, and is not to be learned from again.
  public var isLearned: Bool

  public init(_ episode: Episode, embeddings: [Embedding] = [], isLearned: Bool = false) {
    self.episode = episode
    self.embeddings = embeddings
    self.isLearned = isLearned
  }

  func validate() throws(DurableStoreError) {
    try episode.validateForStore()
    try Self.validate(embeddings, ownedBy: episode.id)
  }

  static func validate(
    _ embeddings: [Embedding], ownedBy id: String
  ) throws(DurableStoreError) {
    if embeddings.isEmpty { return }
    do throws(ValidationError) {
      var seen: Set<OwnerKey> = []
      for embedding in embeddings {
        try embedding.validate()
        guard embedding.owner.id == id, embedding.owner.kind != .pattern else {
          throw ValidationError(
            field: "embedding.owner",
            problem: "is \(embedding.owner.kind.rawValue) '\(embedding.owner.id)'",
            expected: "the episode '\(id)' or a part of it")
        }
        guard seen.insert(OwnerKey(owner: embedding.owner, model: embedding.model)).inserted else {
          throw ValidationError(
            field: "embedding.owner", problem: "has two embeddings of model '\(embedding.model)'",
            expected: "one")
        }
      }
    } catch {
      throw .invalid(error)
    }
  }

  private struct OwnerKey: Hashable {
    var owner: EmbeddingOwner
    var model: String
  }
}

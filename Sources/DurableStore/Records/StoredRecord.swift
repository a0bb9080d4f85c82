public import Episodes

/// A record with all that belongs to it, as it is exported and imported.
public enum StoredRecord: Hashable, Sendable {
  /// With its steps, tags and checkpoints.
  case episode(Episode, embeddings: [Embedding])
  case pattern(Pattern, embeddings: [Embedding])
  case heuristic(Heuristic)
  case relationship(Relationship)
}

public import Episodes

/// A record with all that belongs to it, as it is exported and imported.
public enum StoredRecord: Hashable, Sendable {
  /// With its steps, tags and checkpoints.
  case episode(Episode, embeddings: [Embedding])
  /// One that was learned from though it names no pattern: it is not learned from again.
  case learned(Episode, embeddings: [Embedding])
  case pattern(Pattern, embeddings: [Embedding])
  case heuristic(Heuristic)
  case relationship(Relationship)
}

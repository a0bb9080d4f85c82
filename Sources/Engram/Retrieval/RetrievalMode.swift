/// By what a search finds episodes.
public enum RetrievalMode: String, Hashable, Sendable, Codable, CaseIterable {
  /// Meaning, words, and what ``RetrievalWeights`` names beside them.
  case hybrid
  /// The similarity of embeddings alone.
  case vector
  /// BM25 of the words alone: episodes without a word of the question are not found.
  case text
}

package import Episodes

/// Records as they are at one moment.
package struct ChangedRecords: Sendable {
  package var episodes: [Episode] = []
  package var patterns: [Pattern] = []
  package var heuristics: [Heuristic] = []
  package var embeddings: [StoredEmbedding] = []
}

/// The columns of an embedding.
package enum EmbeddingColumn {
  package static let id = 0
  package static let ownerKind = 1
  package static let ownerID = 2
  package static let part = 3
  package static let model = 4
  package static let contentHash = 5
  package static let vector = 6
}

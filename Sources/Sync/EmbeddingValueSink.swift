internal import Cache
internal import DurableStore
internal import Episodes

/// Makes the cache's values of the rows of embeddings.
struct EmbeddingValueSink: EmbeddingRowSink {
  struct Product: Sendable {
    var embeddings: [PreparedEmbedding] = []
    var byteCount = 0
  }

  let preparation: EmbeddingPreparation
  let byteCountMax: Int
  private var product = Product()

  init(preparation: EmbeddingPreparation, byteCountMax: Int) {
    self.preparation = preparation
    self.byteCountMax = byteCountMax
  }

  mutating func add(_ row: RowColumns) throws(RowColumns.Unsuited) -> Bool {
    let id = try row.integer(EmbeddingColumn.id)
    let part = try row.integer(EmbeddingColumn.part)
    let kind = String(decoding: try row.text(EmbeddingColumn.ownerKind), as: UTF8.self)
    guard id >= 0, let kind = EmbeddingOwner.Kind(rawValue: kind) else {
      throw RowColumns.Unsuited()
    }
    let ownerID = String(decoding: try row.text(EmbeddingColumn.ownerID), as: UTF8.self)
    // Each column is looked at once: asking for another form of it would move its bytes.
    let prepared = preparation.prepared(
      id: UInt64(id), owner: EmbeddingOwner(kind: kind, id: ownerID, part: Int(part)),
      model: try row.text(EmbeddingColumn.model),
      contentHash: try row.text(EmbeddingColumn.contentHash),
      vector: try row.blob(EmbeddingColumn.vector))
    guard let prepared else { throw RowColumns.Unsuited() }
    product.embeddings.append(prepared)
    product.byteCount += prepared.byteCount
    return product.byteCount < byteCountMax
  }

  consuming func finish() -> Product { product }
}

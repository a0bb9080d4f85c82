import Episodes

extension RecordWriter {
  mutating func put(
    embedding: EncodedBatch.EncodedEmbedding, in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    let key = RecordKey.number(embedding.id)
    // It may have had another owner.
    try removeOwner(ofEmbedding: embedding.id, key: key, in: transaction)
    try transaction.put(embedding.value, for: key, in: tables.embeddings)
    let owner = embedding.owner
    try transaction.put(
      [],
      for: EmbeddingRecord.ownerKey(
        kind: owner.kind, ownerID: owner.id, part: owner.part, id: embedding.id),
      in: tables.embeddingOwners)
    counts.puts += 1
  }

  mutating func remove(
    embedding id: UInt64, in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    let key = RecordKey.number(id)
    try removeOwner(ofEmbedding: id, key: key, in: transaction)
    if try transaction.delete(key, in: tables.embeddings) { counts.deletes += 1 }
  }

  mutating func remove(
    embeddingsOf owner: EmbeddingOwner, in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    let prefix = EmbeddingRecord.ownerKey(kind: owner.kind, ownerID: owner.id)
    var keys: [[UInt8]] = []
    try transaction.reading.forEach(in: tables.embeddingOwners, prefix: prefix) { key, _ in
      keys.append(Array(key))
      return true
    }
    for key in keys {
      try transaction.delete(key, in: tables.embeddingOwners)
      guard let id = RecordKey.number(in: key, at: key.count - 8) else { continue }
      if try transaction.delete(RecordKey.number(id), in: tables.embeddings) {
        counts.deletes += 1
      }
    }
  }

  private func removeOwner(
    ofEmbedding id: UInt64, key: [UInt8], in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    guard let value = try transaction.reading.value(for: key, in: tables.embeddings),
      let view = EmbeddingView(
        id: id, value: value, table: tables.embeddings, verifyingVector: false)
    else { return }
    let owner = view.owner
    try transaction.delete(
      EmbeddingRecord.ownerKey(kind: owner.kind, ownerID: owner.id, part: owner.part, id: id),
      in: tables.embeddingOwners)
  }
}

import Episodes

/// The columns of an embedding.
enum EmbeddingRow {
  static let selection =
    "m.id, m.owner_kind, m.owner_id, m.part, m.model, m.content_hash, m.vector"

  /// Inserts an embedding of the episode `?1` as written at revision `?8`.
  static let insertOfEpisode =
    """
    INSERT INTO embeddings
      (owner_id, owner_kind, part, model, dimension, content_hash, vector, episode)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, rowid FROM episodes WHERE id = ?1 AND revision = ?8
    ON CONFLICT (owner_kind, owner_id, part, model) DO NOTHING
    """

  /// Inserts an embedding of whatever owns it; a missing owner breaks a rule of the table.
  static let insert =
    """
    INSERT INTO embeddings
      (owner_id, owner_kind, part, model, dimension, content_hash, vector, episode, pattern)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7,
      CASE WHEN ?2 <> 'pattern' THEN (SELECT rowid FROM episodes WHERE id = ?1) END,
      CASE WHEN ?2 = 'pattern' THEN (SELECT rowid FROM patterns WHERE id = ?1) END
    WHERE true
    ON CONFLICT (owner_kind, owner_id, part, model) DO NOTHING
    """

  /// Deletes the embedding of the same owner, part and model if it stands for another text.
  static let deleteChanged =
    """
    DELETE FROM embeddings
    WHERE owner_id = ?1 AND owner_kind = ?2 AND part = ?3 AND model = ?4
      AND (content_hash <> ?6 OR vector <> ?7 OR dimension <> ?5)
    RETURNING id
    """

  /// The same, if the episode `?1` was written at revision `?8`.
  static let deleteChangedOfEpisode =
    """
    DELETE FROM embeddings
    WHERE owner_id = ?1 AND owner_kind = ?2 AND part = ?3 AND model = ?4
      AND (content_hash <> ?6 OR vector <> ?7 OR dimension <> ?5)
      AND EXISTS (SELECT 1 FROM episodes WHERE id = ?1 AND revision = ?8)
    RETURNING id
    """

  static let idOfOwner =
    """
    SELECT id FROM embeddings
    WHERE owner_id = ?1 AND owner_kind = ?2 AND part = ?3 AND model = ?4
    """

  /// Owner id, kind, part, model; then dimension, hash, vector.
  static func arguments(_ embedding: Embedding) -> [SQLValue] {
    [
      .text(embedding.owner.id), .text(embedding.owner.kind.rawValue),
      .integer(Int64(embedding.owner.part)), .text(embedding.model),
      .integer(Int64(embedding.dimension)), .text(embedding.contentHash),
      .blob(VectorBlob.encode(embedding.vector)),
    ]
  }

  /// Reads a row of ``selection``.
  static func decode(
    _ values: [SQLValue], columns: [String]
  ) throws(DurableStoreError) -> StoredEmbedding {
    var row = RowReader(table: "embeddings", columns: columns, values: values)
    let id = try row.integer()
    guard id >= 0 else { throw row.failure("below 0") }
    let owner = EmbeddingOwner(
      kind: try row.name(EmbeddingOwner.Kind.self), id: try row.text(),
      part: Int(try row.integer()))
    let model = try row.text()
    let contentHash = try row.text()
    return StoredEmbedding(
      id: id,
      embedding: Embedding(
        owner: owner, model: model, vector: try vector(&row), contentHash: contentHash))
  }

  /// Reads a vector column.
  static func vector(_ row: inout RowReader<some RowValues>) throws(DurableStoreError) -> [Float] {
    guard let vector = VectorBlob.decode(try row.blob()) else {
      throw row.failure("not a whole number of 32-bit floats")
    }
    return vector
  }
}

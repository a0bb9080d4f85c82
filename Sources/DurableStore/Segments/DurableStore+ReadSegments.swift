internal import Episodes

extension DurableStore {
  /// The complete segments, oldest first.
  ///
  /// - Parameter model: of this model only; nil means of every model.
  public func segments(model: String? = nil) async throws(DurableStoreError) -> [IndexSegment] {
    let result = try await read(
      """
      SELECT
        id, model, metric, dimension, vector_count, lowest_embedding_id, highest_embedding_id,
        byte_count, chunk_bytes, checksum, created_at
      FROM index_segments WHERE is_complete AND (?1 IS NULL OR model = ?1) ORDER BY id
      """, [SQLValue(model)])
    var segments: [IndexSegment] = []
    for values in result.rows {
      segments.append(try Self.segment(values, columns: result.columns))
    }
    return segments
  }

  /// The bytes of one chunk of a complete segment.
  ///
  /// - Parameters:
  ///   - id: the segment.
  ///   - index: which chunk, from 0.
  /// - Throws: ``DurableStoreError/notFound(_:id:)`` when there is none,
  ///   ``DurableStoreError/corrupt(table:column:problem:)`` when the bytes do not match their
  ///   checksum.
  public func segmentChunk(
    id: Int64, index: Int
  ) async throws(DurableStoreError) -> [UInt8] {
    let result = try await read(
      """
      SELECT c.checksum, c.data
      FROM segment_chunks AS c JOIN index_segments AS s ON s.id = c.segment
      WHERE c.segment = ?1 AND c.position = ?2 AND s.is_complete
      """, [.integer(id), .integer(Int64(index))])
    guard let values = result.rows.first else {
      throw .notFound(.segment, id: "\(id), chunk \(index)")
    }
    var row = RowReader(table: "segment_chunks", columns: result.columns, values: values)
    let checksum = try row.text()
    let bytes = try row.blob()
    guard Self.checksum(bytes) == checksum else {
      throw row.failure("chunk \(index) of segment \(id) does not match its checksum")
    }
    return bytes
  }

  /// Deletes a segment and its chunks.
  ///
  /// - Returns: whether it was there.
  @discardableResult
  public func deleteSegment(id: Int64) async throws(DurableStoreError) -> Bool {
    try await write(
      "DELETE FROM index_segments WHERE id = ?1 AND is_complete", [.integer(id)]
    ).affectedRowCount > 0
  }

  private static func segment(
    _ values: [SQLValue], columns: [String]
  ) throws(DurableStoreError) -> IndexSegment {
    var row = RowReader(table: "index_segments", columns: columns, values: values)
    let id = try row.integer()
    let model = try row.text()
    let metric = try row.text()
    let dimension = Int(try row.integer())
    let vectorCount = Int(try row.integer())
    let lowest = try row.integer()
    let highest = try row.integer()
    guard lowest >= 0, lowest <= highest else {
      throw row.failure("below 0 or lowest_embedding_id")
    }
    let byteCount = Int(try row.integer())
    guard (0...1 << 50).contains(byteCount) else { throw row.failure("not a size") }
    let chunkBytes = Int(try row.integer())
    guard (1...1 << 30).contains(chunkBytes) else { throw row.failure("not 1 byte to 1 GiB") }
    return IndexSegment(
      id: id,
      contents: SegmentContents(
        model: model, metric: metric, dimension: dimension, vectorCount: vectorCount,
        embeddingIDs: lowest...highest),
      byteCount: byteCount, chunkBytes: chunkBytes, checksum: try row.text(),
      createdAt: try row.timestamp())
  }
}

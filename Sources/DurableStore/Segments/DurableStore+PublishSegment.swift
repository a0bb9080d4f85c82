internal import Crypto
internal import Episodes
internal import Foundation

extension DurableStore {
  /// Bytes of a chunk of a segment.
  public static let segmentChunkBytes = 1 << 20

  /// Chunks written in one transaction: what a publisher holds in memory.
  private static let chunksPerTransaction = 8

  /// Seconds without a sign after which a publisher on another machine counts as gone.
  private static let publisherTimeoutSeconds: Int64 = 600

  /// Stores an image of a part of the index in chunks. Readers see the segment when all of it is
  /// there, and in the same moment no longer those it replaces.
  ///
  /// What an interrupted publication left behind is never visible, and is deleted by the next one.
  ///
  /// - Parameters:
  ///   - contents: what the image holds.
  ///   - byteCount: the size of the image.
  ///   - replaces: ids of the segments it stands for from now on.
  ///   - read: returns the bytes of a range of the image; called with rising ranges of at most
  ///     ``segmentChunkBytes`` bytes. Eight of them are in memory at a time.
  /// - Throws: ``DurableStoreError/segmentNotPublished(problem:)`` when `read` throws or returns
  ///   another number of bytes, or when a replaced segment is gone; then nothing has changed.
  public func publishSegment(
    _ contents: SegmentContents, byteCount: Int, replaces: [Int64] = [],
    read: @Sendable (Range<Int>) throws -> [UInt8]
  ) async throws(DurableStoreError) -> IndexSegment {
    try Self.validate(contents, byteCount: byteCount)
    try await deleteAbandonedSegments()
    let created = Timestamp(secondsSince1970: Date().timeIntervalSince1970)
    let id = try await startSegment(contents, byteCount: byteCount, created: created)
    do throws(DurableStoreError) {
      let checksum = try await writeChunks(ofSegment: id, byteCount: byteCount, read: read)
      let segment = IndexSegment(
        id: id, contents: contents, byteCount: byteCount, chunkBytes: Self.segmentChunkBytes,
        checksum: checksum, createdAt: created)
      try await finish(segment, replaces: replaces)
      return segment
    } catch {
      // The chunks are invisible; if this fails too, the next publication deletes them. In a task of its own, since
      // one that is cancelled writes nothing more.
      let backend = backend
      await Task {
        _ = try? await backend.write(
          SQLStatement(
            "DELETE FROM index_segments WHERE id = ?1 AND NOT is_complete", [.integer(id)]))
      }.value
      throw error
    }
  }

  /// Stores an image that is in memory; see ``publishSegment(_:byteCount:replaces:read:)``.
  ///
  /// - Parameter image: must stay valid until the call returns.
  public func publishSegment(
    _ contents: SegmentContents, image: UnsafeRawBufferPointer, replaces: [Int64] = []
  ) async throws(DurableStoreError) -> IndexSegment {
    let image = BorrowedImage(bytes: image)
    return try await publishSegment(
      contents, byteCount: image.bytes.count, replaces: replaces
    ) { range in
      // SAFETY: the ranges lie within `byteCount`, and the caller keeps the image alive.
      [UInt8](UnsafeRawBufferPointer(rebasing: image.bytes[range]))
    }
  }

  /// Memory that is only read while it is borrowed, so any thread may.
  private struct BorrowedImage: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer
  }

  private static func validate(
    _ contents: SegmentContents, byteCount: Int
  ) throws(DurableStoreError) {
    func refuse(_ field: String, _ value: Int) throws(DurableStoreError) {
      throw .invalid(
        ValidationError(field: field, problem: "is \(value)", expected: "1 or more"))
    }
    if byteCount < 1 { try refuse("byteCount", byteCount) }
    if contents.dimension < 1 { try refuse("dimension", contents.dimension) }
    if contents.vectorCount < 1 { try refuse("vectorCount", contents.vectorCount) }
  }

  /// Deletes incomplete segments whose publisher is dead, or on another machine and silent.
  private func deleteAbandonedSegments() async throws(DurableStoreError) {
    let pending = try await self.read(
      """
      SELECT id, publisher, strftime('%s', 'now') - touched_at
      FROM index_segments WHERE NOT is_complete
      """)
    var abandoned: [Int64] = []
    for values in pending.rows {
      var row = RowReader(table: "index_segments", columns: pending.columns, values: values)
      let id = try row.integer()
      let publisher = try row.text()
      let silence = try row.integer()
      if SegmentPublisher.isDead(publisher) || silence > Self.publisherTimeoutSeconds {
        abandoned.append(id)
      }
    }
    if abandoned.isEmpty { return }
    try await write(
      """
      DELETE FROM index_segments
      WHERE id IN (SELECT value FROM json_each(?1)) AND NOT is_complete
      """, [.text(JSONColumns.integers(abandoned))])
  }

  private func startSegment(
    _ contents: SegmentContents, byteCount: Int, created: Timestamp
  ) async throws(DurableStoreError) -> Int64 {
    try await write(
      """
      INSERT INTO index_segments (
        model, metric, dimension, vector_count, lowest_embedding_id, highest_embedding_id,
        byte_count, chunk_bytes, created_at, publisher, touched_at
      ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, strftime('%s', 'now'))
      """,
      [
        .text(contents.model), .text(contents.metric), .integer(Int64(contents.dimension)),
        .integer(Int64(contents.vectorCount)), .integer(contents.embeddingIDs.lowerBound),
        .integer(contents.embeddingIDs.upperBound), .integer(Int64(byteCount)),
        .integer(Int64(Self.segmentChunkBytes)), .integer(created.nanosecondsSince1970),
        .text(SegmentPublisher.current.text),
      ]
    ).lastInsertRowID
  }

  /// Writes all chunks and returns the checksum of the whole.
  private func writeChunks(
    ofSegment id: Int64, byteCount: Int, read: @Sendable (Range<Int>) throws -> [UInt8]
  ) async throws(DurableStoreError) -> String {
    var hasher = SHA256()
    var offset = 0
    var position = 0
    while offset < byteCount {
      var batch: [SQLStatement] = []
      while offset < byteCount, batch.count < Self.chunksPerTransaction {
        let range = offset..<min(offset + Self.segmentChunkBytes, byteCount)
        let bytes = try Self.chunk(range, read)
        bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        batch.append(
          SQLStatement(
            """
            INSERT INTO segment_chunks (segment, position, checksum, data)
            SELECT id, ?2, ?3, ?4 FROM index_segments WHERE id = ?1 AND NOT is_complete
            """,
            [
              .integer(id), .integer(Int64(position)), .text(Self.checksum(bytes)), .blob(bytes),
            ]))
        offset = range.upperBound
        position += 1
      }
      batch.append(
        SQLStatement(
          "UPDATE index_segments SET touched_at = strftime('%s', 'now') WHERE id = ?1",
          [.integer(id)]))
      guard try await write(batch).allSatisfy({ $0.affectedRowCount == 1 }) else {
        throw .segmentNotPublished(problem: "it was deleted while it was being written")
      }
    }
    return Self.hexadecimal(hasher.finalize())
  }

  private static func chunk(
    _ range: Range<Int>, _ read: @Sendable (Range<Int>) throws -> [UInt8]
  ) throws(DurableStoreError) -> [UInt8] {
    let bytes: [UInt8]
    do {
      bytes = try read(range)
    } catch {
      throw .segmentNotPublished(problem: "its bytes could not be read: \(error)")
    }
    guard bytes.count == range.count else {
      throw .segmentNotPublished(
        problem: "\(bytes.count) bytes were read at \(range.lowerBound), not \(range.count)")
    }
    return bytes
  }

  /// Shows the segment and hides those it replaces, if all of both are there.
  private func finish(
    _ segment: IndexSegment, replaces: [Int64]
  ) async throws(DurableStoreError) {
    let replaced = Set(replaces)
    let results = try await write([
      SQLStatement(
        """
        UPDATE index_segments SET is_complete = 1, checksum = ?2
        WHERE id = ?1 AND NOT is_complete
          AND (SELECT count(*) FROM segment_chunks WHERE segment = ?1) = ?3
          AND (
            SELECT count(*) FROM index_segments
            WHERE is_complete AND id IN (SELECT value FROM json_each(?4))
          ) = ?5
        """,
        [
          .integer(segment.id), .text(segment.checksum), .integer(Int64(segment.chunkCount)),
          .text(JSONColumns.integers(replaced)), .integer(Int64(replaced.count)),
        ]),
      SQLStatement(
        """
        DELETE FROM index_segments WHERE id IN (SELECT value FROM json_each(?2))
          AND EXISTS (SELECT 1 FROM index_segments WHERE id = ?1 AND is_complete)
        """, [.integer(segment.id), .text(JSONColumns.integers(replaced))]),
    ])
    guard results[0].affectedRowCount == 1 else {
      throw .segmentNotPublished(
        problem: replaced.isEmpty
          ? "it was deleted while it was being written"
          : "a segment it replaces is gone, or it was itself deleted")
    }
  }

  static func checksum(_ bytes: [UInt8]) -> String {
    var hasher = SHA256()
    bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    return hexadecimal(hasher.finalize())
  }

  private static func hexadecimal(_ digest: SHA256.Digest) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

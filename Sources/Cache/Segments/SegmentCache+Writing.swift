extension SegmentCache {
  /// Stores a segment, in the place of one with the same id and of those in `replacing`, all at
  /// once. Segments that are mapped keep what they show.
  ///
  /// The image is held in memory until the segment is committed, and then written and flushed to
  /// disk; other writers of the cache wait until then, so have the bytes at hand before.
  ///
  /// - Parameters:
  ///   - id: the segment's number.
  ///   - description: with the number of bytes of the image.
  ///   - replacing: numbers of segments to delete; those that are not there are passed over.
  ///   - fill: gets the image's memory, not initialised and not aligned, and must write all of it.
  ///     It must not write to this cache. When it throws, nothing is changed.
  /// - Throws: ``CacheError``, or what `fill` throws.
  /// - Complexity: O(bytes).
  public func write(
    id: Int64, description: SegmentDescription, replacing: [Int64] = [],
    fill: (UnsafeMutableRawBufferPointer) throws -> Void
  ) throws {
    guard (0...Self.imageBytesMax).contains(description.byteCount) else {
      throw CacheError(
        reason: .segmentTooLarge, operation: "write segment \(id)", path: path,
        detail: "its \(description.byteCount) bytes are not in 0...\(Self.imageBytesMax)")
    }
    let lease = try held(for: "write segment \(id)")
    defer { withExtendedLifetime(lease) {} }
    let environment = lease.environment
    let valueBytes = SegmentFormat.valueBytes(
      imageBytes: description.byteCount, pageBytes: environment.pageBytes)
    // Room for the image and for the lists of free pages, so that the map is not found to be full
    // after `fill` has run.
    try environment.ensureRoom(bytes: valueBytes + valueBytes / 64 + 1 << 20)
    var failure: (any Error)?
    do {
      try environment.write(isRepeatable: false) { (transaction) throws(CacheError) in
        for old in replacing where old != id { try delete(old, in: transaction) }
        let key = RecordKey.number(id)
        try transaction.put(encoded(description, key: key), for: key, in: descriptions)
        try transaction.reserve(valueBytes, for: key, in: images) {
          (value) throws(CacheError) in
          SegmentFormat.writeHeader(value, id: id, imageBytes: description.byteCount)
          let imageEnd = SegmentFormat.headerBytes + description.byteCount
          UnsafeMutableRawBufferPointer(rebasing: value[imageEnd...])
            .initializeMemory(as: UInt8.self, repeating: 0)
          do {
            try fill(
              UnsafeMutableRawBufferPointer(rebasing: value[SegmentFormat.headerBytes..<imageEnd]))
          } catch {
            failure = error
            // Any error has the transaction undone; the caller gets the one that `fill` threw.
            throw CacheError(
              reason: .system, operation: "fill segment \(id)", path: path,
              detail: String(describing: error))
          }
        }
      }
    } catch {
      throw failure ?? error
    }
  }

  /// Deletes segments, all at once; those that are not there are passed over. Segments that are
  /// mapped keep what they show, and their pages are used again when they are dropped.
  ///
  /// - Returns: how many were there.
  @discardableResult
  public func delete(ids: [Int64]) throws(CacheError) -> Int {
    if ids.isEmpty { return 0 }
    let lease = try held(for: "delete segments")
    defer { withExtendedLifetime(lease) {} }
    return try lease.environment.write { (transaction) throws(CacheError) in
      var count = 0
      for id in ids where try delete(id, in: transaction) { count += 1 }
      return count
    }
  }

  @discardableResult
  private func delete(
    _ id: Int64, in transaction: borrowing WriteTransaction
  ) throws(CacheError) -> Bool {
    let key = RecordKey.number(id)
    try transaction.delete(key, in: images)
    return try transaction.delete(key, in: descriptions)
  }

  private func encoded(
    _ description: SegmentDescription, key: [UInt8]
  ) throws(CacheError) -> [UInt8] {
    do {
      return try SegmentFormat.encode(description, key: key, table: descriptions)
    } catch {
      throw CacheError(
        reason: .system, operation: "describe a segment", path: path,
        detail: String(describing: error))
    }
  }
}

extension SegmentCache {
  /// The segments in the cache, in the order of their ids. One whose description cannot be decoded
  /// is left out.
  public func segments() throws(CacheError) -> [CachedSegment] {
    let lease = try held(for: "list the segments")
    defer { withExtendedLifetime(lease) {} }
    return try lease.environment.read { (transaction) throws(CacheError) in
      var segments: [CachedSegment] = []
      try transaction.forEach(in: descriptions) { key, value in
        if let number = RecordKey.number(in: key),
          let description = try? SegmentFormat.description(
            value, key: Array(key), table: descriptions)
        {
          segments.append(
            CachedSegment(id: Int64(bitPattern: number ^ 1 << 63), description: description))
        }
        return true
      }
      return segments
    }
  }

  /// Maps the segment with the number `id`.
  ///
  /// - Throws: ``CacheError`` with reason `segmentMissing`, or `segmentDamaged` when the image does
  ///   not fit its description. The checksum is for the caller to compare, see ``verifying(_:open:)``.
  /// - Complexity: O(log n); no byte of the image is read but its first page.
  public func segment(id: Int64) throws(CacheError) -> MappedSegment {
    let lease = try held(for: "map segment \(id)")
    let environment = lease.environment
    let transaction = try environment.beginRead()
    let found: (description: SegmentDescription, image: UnsafeRawBufferPointer, PageMapping)
    do throws(CacheError) {
      found = try image(of: id, in: transaction, of: environment)
    } catch {
      environment.endRead(transaction)
      throw error
    }
    return MappedSegment(
      id: id, description: found.description, bytes: found.image, mapping: found.2,
      transaction: environment.pin(transaction), lease: lease)
  }

  /// Opens a mapped segment, and remembers that its bytes were checked.
  ///
  /// - Parameters:
  ///   - segment: of this cache.
  ///   - open: gets whether the image was found whole before and its file not written since, by any
  ///     process; otherwise it must read and check every byte, and throw if one is wrong.
  /// - Returns: what `open` returns.
  public func verifying<Opened>(
    _ segment: MappedSegment, open: (_ isVerified: Bool) throws -> Opened
  ) rethrows -> Opened {
    // Looked at before the bytes are read: what is written meanwhile makes the note worthless.
    var verified = VerifiedSegments(cachePath: path)
    let checksum = segment.description.checksum
    if verified?.contains(id: segment.id, checksum: checksum) == true { return try open(true) }
    let opened = try open(false)
    verified?.insert(id: segment.id, checksum: checksum)
    return opened
  }

  private func image(
    of id: Int64, in transaction: borrowing ReadTransaction, of environment: Environment
  ) throws(CacheError) -> (SegmentDescription, UnsafeRawBufferPointer, PageMapping) {
    let key = RecordKey.number(id)
    guard let stored = try transaction.value(for: key, in: descriptions),
      let value = try transaction.value(for: key, in: images)
    else {
      throw CacheError(
        reason: .segmentMissing, operation: "map segment \(id)", path: path,
        detail: "it is not in the cache")
    }
    let mapping = try environment.mapping(of: value)
    let detail: String
    do {
      guard let mapping else { throw SegmentFault(detail: "its image is not in pages of its own") }
      let description = try SegmentFormat.description(stored, key: key, table: descriptions)
      let image = try SegmentFormat.image(
        in: mapping.bytes, id: id, imageBytes: description.byteCount)
      return (description, image, mapping)
    } catch let fault as SegmentFault {
      detail = fault.detail
    } catch {
      detail = "its description cannot be decoded"
    }
    throw CacheError(
      reason: .segmentDamaged, operation: "map segment \(id)", path: path, detail: detail)
  }

  /// What the cache holds and takes.
  public func statistics() throws(CacheError) -> SegmentStatistics {
    let lease = try held(for: "read the statistics")
    defer { withExtendedLifetime(lease) {} }
    var statistics = try lease.environment.read { (transaction) throws(CacheError) in
      SegmentStatistics(
        segmentCount: try transaction.count(of: descriptions),
        usedBytes: try transaction.bytes(of: descriptions) + transaction.bytes(of: images))
    }
    let space = try lease.environment.space()
    statistics.fileBytes = space.fileBytes
    statistics.mapBytes = space.mapBytes
    return statistics
  }

  /// Gives back what segments held that were mapped by processes which were killed, so that the
  /// pages can be used again. Opening the cache does so too.
  ///
  /// - Returns: how many such segments there were.
  @discardableResult
  public func clearStaleReaders() throws(CacheError) -> Int {
    let lease = try held(for: "clear stale readers")
    defer { withExtendedLifetime(lease) {} }
    return try lease.environment.clearStaleReaders()
  }
}

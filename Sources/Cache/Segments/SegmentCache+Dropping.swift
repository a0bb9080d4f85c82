extension SegmentCache {
  /// Deletes segments as ``delete(ids:)`` does, but none that has become another since it was listed.
  ///
  /// - Parameter listed: from ``segments()``.
  /// - Returns: how many were there.
  @discardableResult
  public func delete(_ listed: [CachedSegment]) throws(CacheError) -> Int {
    if listed.isEmpty { return 0 }
    let lease = try held(for: "delete segments")
    defer { withExtendedLifetime(lease) {} }
    return try lease.environment.write { (transaction) throws(CacheError) in
      var count = 0
      for segment in listed {
        let key = RecordKey.number(segment.id)
        guard let value = try transaction.reading.value(for: key, in: descriptions) else {
          continue
        }
        let found = try? SegmentFormat.description(value, key: key, table: descriptions)
        if let found, found != segment.description { continue }
        try transaction.delete(key, in: images)
        if try transaction.delete(key, in: descriptions) { count += 1 }
      }
      return count
    }
  }
}

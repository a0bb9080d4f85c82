internal import Cache
internal import DurableStore

extension Synchronizer {
  /// How often the list of segments is read again because they were replaced meanwhile.
  private static let listingsMax = 10

  /// Carries the segments that the cache lacks, and drops those that the store no longer lists.
  func carrySegments(from store: DurableStore, _ report: inout SyncReport) async throws {
    var published = try await store.segments()
    for _ in 1..<Self.listingsMax {
      try await carry(published, from: store, &report)
      if try holdsExactly(published) { return }
      // In this order: what another process has published and carried by the time the cache is listed is
      // in the list of the store that is read after it, and is not taken for one that was replaced.
      let cached = try segments.segments()
      let now = try await store.segments()
      guard now == published else {
        published = now
        continue
      }
      // Dropped only once their successors are there, so that a search always finds an index.
      let wanted = Set(published.map(\.id))
      let dropped = cached.filter { !wanted.contains($0.id) }
      if !dropped.isEmpty {
        report.segmentsDropped += try await lane.run { [segments] in try segments.delete(dropped) }
      }
      return
    }
    // Replaced faster than they can be carried; the next sync goes on.
  }

  /// Whether the cache has these segments and no others: then nothing is to be dropped, whatever was published since.
  private func holdsExactly(_ published: [IndexSegment]) throws -> Bool {
    let cached = try segments.segments()
    let checksums = Dictionary(
      cached.map { ($0.id, $0.description.checksum) }, uniquingKeysWith: { first, _ in first })
    return cached.count == published.count
      && published.allSatisfy { checksums[$0.id] == $0.checksum }
  }

  private func carry(
    _ published: [IndexSegment], from store: DurableStore, _ report: inout SyncReport
  ) async throws {
    let checksums = Dictionary(
      try segments.segments().map { ($0.id, $0.description.checksum) },
      uniquingKeysWith: { first, _ in first })
    for segment in published where checksums[segment.id] != segment.checksum {
      do {
        try await carry(segment, from: store)
      } catch DurableStoreError.notFound(.segment, let chunk) {
        guard try await store.segments().contains(where: { $0.id == segment.id }) else { continue }
        throw SyncError.damagedSegment(id: segment.id, problem: "there is no \(chunk)")
      } catch DurableStoreError.corrupt(_, _, let problem) {
        throw SyncError.damagedSegment(id: segment.id, problem: problem)
      }
      report.segmentsCarried += 1
      report.segmentBytes += segment.byteCount
    }
  }

  /// Copies one image, chunk by chunk; the store checks each chunk's checksum.
  private func carry(_ segment: IndexSegment, from store: DurableStore) async throws {
    let spool = try SegmentSpool(folder: segments.path)
    for index in 0..<segment.chunkCount {
      try spool.append(try await store.segmentChunk(id: segment.id, index: index))
    }
    guard spool.byteCount == segment.byteCount else {
      throw SyncError.damagedSegment(
        id: segment.id,
        problem: "\(spool.byteCount) bytes where \(segment.byteCount) were published")
    }
    let description = SegmentDescription(
      byteCount: segment.byteCount, checksum: segment.checksum, model: segment.contents.model,
      embeddingIDMax: UInt64(segment.contents.embeddingIDs.upperBound),
      count: segment.contents.vectorCount)
    try await lane.run { [segments] in
      try segments.write(id: segment.id, description: description) { try spool.read(into: $0) }
    }
  }
}

internal import Cache
internal import DurableStore

extension Synchronizer {
  /// Carries the segments that the cache lacks, and drops those that the store no longer lists.
  func carrySegments(_ report: inout SyncReport) async throws {
    let published = try await store.segments()
    let cached = try segments.segments()
    let cachedChecksums = Dictionary(
      cached.map { ($0.id, $0.description.checksum) }, uniquingKeysWith: { first, _ in first })
    for segment in published where cachedChecksums[segment.id] != segment.checksum {
      try await carry(segment)
      report.segmentsCarried += 1
      report.segmentBytes += segment.byteCount
    }
    // Dropped only once their successors are there, so that a search always finds an index.
    let wanted = Set(published.map(\.id))
    let dropped = cached.map(\.id).filter { !wanted.contains($0) }
    if !dropped.isEmpty {
      try segments.delete(ids: dropped)
      report.segmentsDropped = dropped.count
    }
  }

  /// Copies one image, chunk by chunk; the store checks each chunk's checksum.
  private func carry(_ segment: IndexSegment) async throws {
    var chunks: [[UInt8]] = []
    var byteCount = 0
    for index in 0..<segment.chunkCount {
      let chunk = try await store.segmentChunk(id: segment.id, index: index)
      byteCount += chunk.count
      chunks.append(chunk)
    }
    guard byteCount == segment.byteCount else {
      throw SyncError.damagedSegment(
        id: segment.id, problem: "\(byteCount) bytes where \(segment.byteCount) were published")
    }
    try segments.write(
      id: segment.id,
      description: SegmentDescription(
        byteCount: segment.byteCount, checksum: segment.checksum,
        model: segment.contents.model,
        embeddingIDMax: UInt64(segment.contents.embeddingIDs.upperBound),
        count: segment.contents.vectorCount)
    ) { image in
      var offset = 0
      for chunk in chunks {
        chunk.withUnsafeBytes {
          UnsafeMutableRawBufferPointer(rebasing: image[offset..<offset + $0.count])
            .copyMemory(from: $0)
        }
        offset += chunk.count
      }
    }
  }
}

import Cache
import Episodes
import Sync
import Testing

@testable import DurableStore

@Suite("Index segments carried to the cache")
struct SegmentSyncTests {
  @Test("A segment of several chunks arrives byte for byte, once")
  func carried() async throws {
    try await Rig.with { rig in
      let segment = try await Samples.publish(to: rig.store, seed: 1)
      #expect(segment.chunkCount == 2)
      let report = try await rig.synchronizer().run()
      #expect(report.segmentsCarried == 1)
      #expect(report.segmentBytes == 1_500_000)
      let cached = try #require(try rig.segments.segments().first)
      #expect(cached.id == segment.id)
      #expect(cached.description.checksum == segment.checksum)
      #expect(cached.description.embeddingIDMax == 10)
      let expected = (0..<1_500_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 1) }
      #expect(try rig.segments.segment(id: segment.id).withBytes { $0.elementsEqual(expected) })
      #expect(try await rig.synchronizer().run().changedNothing)
    }
  }

  @Test("A segment that replaces others takes their place, and deleted ones go")
  func replaced() async throws {
    try await Rig.with { rig in
      let first = try await Samples.publish(to: rig.store, byteCount: 5000, seed: 1)
      let second = try await Samples.publish(to: rig.store, byteCount: 5000, seed: 2)
      try await rig.synchronizer().run()
      #expect(try rig.segments.segments().map(\.id) == [first.id, second.id])
      let third = try await Samples.publish(
        to: rig.store, byteCount: 6000, seed: 3, replaces: [first.id, second.id])
      let report = try await rig.synchronizer().run()
      #expect(report.segmentsCarried == 1)
      #expect(report.segmentsDropped == 2)
      #expect(try rig.segments.segments().map(\.id) == [third.id])
      try await rig.store.deleteSegment(id: third.id)
      #expect(try await rig.synchronizer().run().segmentsDropped == 1)
      #expect(try rig.segments.segments().isEmpty)
    }
  }

  @Test("A cached segment with another checksum than the store's is carried again")
  func otherChecksum() async throws {
    try await Rig.with { rig in
      let segment = try await Samples.publish(to: rig.store, byteCount: 5000, seed: 1)
      try await rig.synchronizer().run()
      var description = try #require(try rig.segments.segments().first).description
      description.checksum = "another"
      try rig.segments.write(id: segment.id, description: description) { _ in }
      #expect(
        try await rig.synchronizer().validate().problems == [
          "the cache holds other index segments than the store"
        ])
      #expect(try await rig.synchronizer().run().segmentsCarried == 1)
      #expect(try await rig.synchronizer().validate().isSound)
    }
  }

  @Test(
    "A damaged segment in the store is an error that names it, and the records are carried",
    arguments: [
      "UPDATE segment_chunks SET data = zeroblob(length(data)) WHERE position = 1",
      "DELETE FROM segment_chunks WHERE position = 1",
    ])
  func damaged(sql: String) async throws {
    try await Rig.with { rig in
      try await rig.store.insert(Samples.new(0..<2))
      let old = try await Samples.publish(to: rig.store, byteCount: 5000, seed: 1)
      try await rig.synchronizer().run()
      let damaged = try await Samples.publish(to: rig.store, seed: 2, replaces: [old.id])
      try await rig.store.write(sql)
      try await rig.store.insert(Samples.new(2..<3))
      await #expect {
        try await rig.synchronizer().run()
      } throws: { error in
        guard case SyncError.damagedSegment(let id, _) = error else { return false }
        return id == damaged.id && "\(error)".contains("index segment \(damaged.id)")
          && !"\(error)".contains("\n")
      }
      #expect(try rig.contents().episodes.count == 3)
      #expect(try rig.segments.segments().map(\.id) == [old.id])
    }
  }
}

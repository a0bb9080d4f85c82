import Dispatch
import Episodes
import Foundation
import Testing

@testable import DurableStore

@Suite("Index segments")
struct SegmentTests {
  private static let contents = SegmentContents(
    model: "m", metric: "cosine", dimension: 384, vectorCount: 1000, embeddingIDs: 1...1000)

  private static func image(_ count: Int, seed: UInt8 = 1) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) &+ seed }
  }

  private static func read(_ segment: IndexSegment, from store: DurableStore) async throws
    -> [UInt8]
  {
    var bytes: [UInt8] = []
    for index in 0..<segment.chunkCount {
      bytes += try await store.segmentChunk(id: segment.id, index: index)
    }
    return bytes
  }

  @Test("A check finds a damaged chunk and a vector that is not finite")
  func check() async throws {
    try await withStore { store, _ in
      let image = Self.image(3000)
      _ = try await store.publishSegment(Self.contents, byteCount: 3000) { Array(image[$0]) }
      try await store.insert([
        NewEpisode(Samples.episode("e"), embeddings: [Samples.embedding("e")])
      ])
      #expect(try await store.checkIntegrity() == [])
      let damaged = Self.image(3000, seed: 2)
      try await store.write("UPDATE segment_chunks SET data = ?1", [.blob(damaged)])
      try await store.write(
        "UPDATE embeddings SET vector = ?1", [.blob([UInt8](repeating: 0xff, count: 16))])
      let problems = try await store.checkIntegrity()
      #expect(problems.count == 2)
      #expect(problems.first?.contains("chunk 0 of segment 1") == true, "\(problems)")
      #expect(problems.last?.contains("episode 'e'") == true, "\(problems)")
    }
  }

  @Test("An image is stored in chunks and read back byte for byte")
  func roundTrip() async throws {
    try await withStore { store, _ in
      for count in [1, DurableStore.segmentChunkBytes, 2 * DurableStore.segmentChunkBytes + 7] {
        let image = Self.image(count)
        let stored = try await store.publishSegment(Self.contents, byteCount: count) {
          Array(image[$0])
        }
        #expect(stored.byteCount == count)
        #expect(try await Self.read(stored, from: store) == image)
        #expect(try await store.segments(model: "m").last == stored)
      }
      #expect(try await store.segments().count == 3)
      #expect(try await store.segments(model: "other").isEmpty)
      await #expect(throws: DurableStoreError.self) {
        try await store.segmentChunk(id: 1, index: 1)
      }
      #expect(try await store.deleteSegment(id: 1))
      #expect(try await store.deleteSegment(id: 1) == false)
      #expect(
        try await store.changes(after: 0, limit: 9).map { "\($0.recordID) \($0.operation)" }
          == ["1 insert", "2 insert", "3 insert", "1 delete"])
      #expect(try await store.checkIntegrity() == [])
    }
  }

  @Test("An image in memory is published from its pointer")
  func pointer() async throws {
    try await withStore { store, _ in
      let bytes = Self.image(3_000_000)
      let image = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
      defer { image.deallocate() }
      image.copyBytes(from: bytes)
      let segment = try await store.publishSegment(
        Self.contents, image: UnsafeRawBufferPointer(image))
      #expect(try await Self.read(segment, from: store) == bytes)
    }
  }

  @Test("A segment and those it replaces change places in one moment")
  func replaces() async throws {
    try await withStore { store, _ in
      func publish(_ replaces: [Int64]) async throws -> IndexSegment {
        try await store.publishSegment(Self.contents, byteCount: 10, replaces: replaces) {
          Array(Self.image(10)[$0])
        }
      }
      let first = try await publish([])
      let second = try await publish([])
      let merged = try await publish([first.id, second.id])
      #expect(try await store.segments().map(\.id) == [merged.id])
      // Someone else merged them first.
      let error = await #expect(throws: DurableStoreError.self) {
        try await publish([first.id, second.id])
      }
      guard case .segmentNotPublished? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(try await store.segments().map(\.id) == [merged.id])
      #expect(try await store.statistics().rowCounts["segment_chunks"] == 1)
    }
  }

  @Test("A publication that fails midway leaves nothing")
  func failing() async throws {
    struct Unreadable: Error {}
    try await withStore { store, _ in
      let count = 20 * DurableStore.segmentChunkBytes
      await #expect(throws: DurableStoreError.self) {
        try await store.publishSegment(Self.contents, byteCount: count) { range in
          if range.lowerBound > count / 2 { throw Unreadable() }
          return [UInt8](repeating: 1, count: range.count)
        }
      }
      await #expect(throws: DurableStoreError.self) {
        try await store.publishSegment(Self.contents, byteCount: 10) { _ in [1, 2] }
      }
      #expect(try await store.segments().isEmpty)
      let counts = try await store.statistics().rowCounts
      #expect(counts["index_segments"] == 0)
      #expect(counts["segment_chunks"] == 0)
      #expect(try await store.lastChangeSequence() == 0)
    }
  }

  @Test("A publication whose task is cancelled leaves nothing")
  func cancelled() async throws {
    try await withStore { store, _ in
      let (begun, begin) = AsyncStream<Void>.makeStream()
      let goOn = DispatchSemaphore(value: 0)
      let work = Task {
        try await store.publishSegment(
          Self.contents, byteCount: 20 * DurableStore.segmentChunkBytes
        ) { range in
          if range.lowerBound > 0 {
            begin.finish()
            goOn.wait()
          }
          return [UInt8](repeating: 1, count: range.count)
        }
      }
      for await _ in begun {}
      work.cancel()
      for _ in 0..<40 { goOn.signal() }
      await #expect(throws: DurableStoreError.self) { _ = try await work.value }
      let counts = try await store.statistics().rowCounts
      #expect(counts["index_segments"] == 0)
      #expect(counts["segment_chunks"] == 0)
    }
  }

  @Test("What a killed process left is invisible, and deleted by the next publication")
  func abandoned() async throws {
    try await withStore { store, _ in
      let current = SegmentPublisher.current
      var dead = current
      dead.startTicks = "1"
      var elsewhere = current
      elsewhere.machine = "another-machine"
      let now = Int64(Date().timeIntervalSince1970)
      for (publisher, touched) in [
        (dead, now), (elsewhere, now - 3600), (elsewhere, now), (current, now - 3600),
      ] {
        try await store.write(
          """
          INSERT INTO index_segments (
            model, metric, dimension, vector_count, lowest_embedding_id, highest_embedding_id,
            byte_count, chunk_bytes, created_at, publisher, touched_at
          ) VALUES ('m', 'cosine', 4, 1, 1, 1, 100, 100, 0, ?1, ?2)
          """, [.text(publisher.text), .integer(touched)])
        try await store.write(
          """
          INSERT INTO segment_chunks (segment, position, checksum, data)
          SELECT max(id), 0, '', x'00' FROM index_segments
          """)
      }
      #expect(try await store.segments().isEmpty)
      await #expect(throws: DurableStoreError.self) {
        try await store.segmentChunk(id: 1, index: 0)
      }
      let segment = try await store.publishSegment(Self.contents, byteCount: 1) { _ in [7] }
      #expect(try await store.segments().map(\.id) == [segment.id])
      // The third may still be written. The fourth is of this process, but long silent.
      #expect(
        try await store.read("SELECT id FROM index_segments WHERE NOT is_complete").integers == [3])
      #expect(try await store.statistics().rowCounts["segment_chunks"] == 2)
    }
  }

  @Test("A damaged chunk is an error")
  func damaged() async throws {
    try await withStore { store, _ in
      let segment = try await store.publishSegment(Self.contents, byteCount: 4) { _ in
        [1, 2, 3, 4]
      }
      try await store.write("UPDATE segment_chunks SET data = x'01020305'")
      let error = await #expect(throws: DurableStoreError.self) {
        try await store.segmentChunk(id: segment.id, index: 0)
      }
      guard case .corrupt(table: "segment_chunks", column: "data", _)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }
}

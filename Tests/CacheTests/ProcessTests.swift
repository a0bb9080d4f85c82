import Episodes
import Foundation
import Testing

@testable import Cache

@Suite("Several processes")
struct ProcessTests {
  static func batch(_ number: Int64) -> CacheBatch {
    var batch = CacheBatch()
    batch.episodes = (0..<5).map { part in
      Episode(
        id: "e\(part)", taskDescription: "\(number) " + String(repeating: "x", count: 3000),
        startTime: Timestamp(nanosecondsSince1970: number))
    }
    batch.watermark = number
    return batch
  }

  /// Reads until `last` is the watermark, and fails unless every read is of one batch.
  static func readUntil(_ last: Int64, _ cache: RecordCache) throws -> Int {
    var states = Set<Int64>()
    let end = Date().addingTimeInterval(180)
    while Date() < end {
      let times = try cache.episodes(ids: (0..<5).map { "e\($0)" })
        .map { $0?.startTime.nanosecondsSince1970 }
      guard Set(times).count == 1 else { throw Torn(times: times) }
      if let time = times[0] { states.insert(time) }
      if try cache.watermark == last { return states.count }
    }
    throw Torn(times: [])
  }

  struct Torn: Error { var times: [Int64?] }

  static func runWriter(_ path: String) async {
    await #expect(processExitsWith: .success) { [path = path as String] in
      let cache = try RecordCache.open(at: path)
      for number in Int64(1)...150 { try cache.apply(ProcessTests.batch(number)) }
    }
  }

  static func runReader(_ path: String) async {
    await #expect(processExitsWith: .success) { [path = path as String] in
      let cache = try RecordCache.open(at: path)
      _ = try ProcessTests.readUntil(150, cache)
    }
  }

  static func runRebuilder(_ path: String) async {
    await #expect(processExitsWith: .success) { [path = path as String] in
      let cache = try RecordCache.open(at: path)
      try cache.apply(ProcessTests.batch(1))
    }
  }

  @Test("One process writes while two read, and no read sees half a batch")
  func readersAndWriter() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("records")
    let cache = try RecordCache.open(at: path)
    async let writer: Void = Self.runWriter(path)
    async let reader: Void = Self.runReader(path)
    let stateCount = try await Task.detached { try Self.readUntil(150, cache) }.value
    print("saw \(stateCount) of 150 batches")
    _ = await (writer, reader)
    #expect(stateCount > 0)
    #expect(try cache.watermark == 150)
    #expect(try cache.verify().isSound)
  }

  @Test("A writer killed within a batch leaves the batch before, and its lock")
  func killedWriter() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("records")
    let cache = try RecordCache.open(at: path)
    try cache.apply(Self.batch(1))
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let cache = try RecordCache.open(at: path)
      let lease = try cache.held(for: "test")
      try lease.environment.write { (transaction) throws(CacheError) in
        for number in 0..<100 {
          try transaction.put(
            [UInt8](repeating: 1, count: 10_000), for: RecordKey.number(UInt64(number)),
            in: cache.tables.embeddings)
        }
        kill(getpid(), SIGKILL)
      }
    }
    #expect(try cache.watermark == 1)
    #expect(try cache.embeddingCount == 0)
    try cache.apply(Self.batch(2))
    #expect(try cache.watermark == 2)
    #expect(try cache.verify().isSound)
  }

  @Test("A segment written when the process is killed is not there, and the others are")
  func killedSegmentWriter() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("segments")
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let cache = try SegmentCache.open(at: path)
      let description = SegmentDescription(
        byteCount: 1_000_000, checksum: "", model: "m", embeddingIDMax: 1, count: 1)
      try cache.write(id: 1, description: description) { image in
        image.initializeMemory(as: UInt8.self, repeating: 5)
      }
      try cache.write(id: 2, description: description, replacing: [1]) { _ in
        kill(getpid(), SIGKILL)
      }
    }
    let cache = try SegmentCache.open(at: path)
    #expect(cache.opening == .existing)
    #expect(try cache.segments().map(\.id) == [1])
    #expect(try cache.segment(id: 1).isAll(5))
  }

  @Test("The pages that a killed reader pinned are used again once stale readers are cleared")
  func staleReaders() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("segments")
    let description = SegmentDescription(
      byteCount: 500_000, checksum: "", model: "m", embeddingIDMax: 1, count: 1)
    let cache = try SegmentCache.open(at: path)
    func churn() throws {
      for id in Int64(1)...10 {
        try cache.write(id: id, description: description, replacing: [id - 1, 10]) { image in
          image.initializeMemory(as: UInt8.self, repeating: 1)
        }
      }
    }
    try churn()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let cache = try SegmentCache.open(at: path)
      let segment = try cache.segment(id: 10)
      if segment.bytes.count == 500_000 { kill(getpid(), SIGKILL) }
    }
    let before = try cache.statistics().fileBytes
    #expect(try cache.clearStaleReaders() >= 1)
    #expect(try cache.clearStaleReaders() == 0)
    try churn()
    #expect(try cache.statistics().fileBytes == before)
  }

  @Test("Processes that open a damaged cache at once end with one sound cache")
  func concurrentRebuild() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("records")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data(repeating: 9, count: 9000).write(to: URL(fileURLWithPath: path + "/data.mdb"))
    async let first: Void = Self.runRebuilder(path)
    async let second: Void = Self.runRebuilder(path)
    _ = await (first, second)
    let cache = try RecordCache.open(at: path)
    #expect(cache.opening == .existing)
    #expect(try cache.watermark == 1)
    #expect(try cache.verify().isSound)
  }
}

import Foundation
import Testing

@testable import Cache

@Suite("Address space")
struct AddressSpaceTests {
  /// The address space of this process in bytes.
  private func addressSpaceBytes() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    let pages = try #require(text.split(separator: " ").first.flatMap { Int($0) })
    return pages * Int(getpagesize())
  }

  /// Each environment takes four descriptors; systems give a process 1,024 at first.
  private func allowDescriptors(_ count: rlim_t) throws {
    var limit = rlimit()
    try #require(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
    guard limit.rlim_cur < count else { return }
    limit.rlim_cur = min(count, limit.rlim_max)
    try #require(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
  }

  @Test("The caches of 200 homes are open at once in one process, each with a map of full size")
  func manyHomes() throws {
    try allowDescriptors(4096)
    let directory = try TemporaryDirectory()
    let before = try addressSpaceBytes()
    var homes: [(records: RecordCache, segments: SegmentCache)] = []
    for number in 0..<200 {
      let home = directory.file("home\(number)")
      let records = try RecordCache.open(at: home + "/records")
      var batch = CacheBatch()
      batch.watermark = Int64(number)
      try records.apply(batch)
      let segments = try SegmentCache.open(at: home + "/segments")
      #expect(try records.statistics().mapBytes == RecordCacheConfiguration.defaultMapBytes)
      #expect(try segments.statistics().mapBytes == RecordCacheConfiguration.defaultMapBytes)
      homes.append((records, segments))
    }
    // 47 bits of addresses are what a process has.
    #expect(try addressSpaceBytes() - before < 1 << 44)
    for (number, home) in homes.enumerated() {
      #expect(try home.records.watermark == Int64(number))
      #expect(try home.segments.segments().isEmpty)
    }
  }
}

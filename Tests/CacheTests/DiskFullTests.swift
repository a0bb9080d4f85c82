import Glibc
import TestSupport
import Testing

@testable import Cache

@Suite("A full disk", .enabled(if: SmallDisk.isPossible, "mounts a file system"))
struct DiskFullTests {
  @Test("LMDB's error of a write that was cut short is told as what it is")
  func cutShort() throws {
    let disk = try SmallDisk(byteCount: 4 << 20)
    func reason(_ code: Int32) -> CacheError.Reason {
      CacheError(system: code, operation: "commit a write", path: disk.path).reason
    }
    #expect(reason(EIO) == .system)
    try disk.fill(leaving: 8192)
    #expect(reason(EIO) == .diskFull)
    #expect(reason(ENOSPC) == .diskFull)
    #expect(reason(EACCES) == .noPermission)
  }

  @Test(
    "A cache is refused where there is no room for it, and does not end the process",
    arguments: [0, 4, 8, 12, 16, 20, 24, 28, 32, 40, 64])
  func opening(kilobytes: Int) throws {
    let disk = try SmallDisk(byteCount: 4 << 20)
    let path = disk.path + "/cache"
    func open() throws(CacheError) -> RecordCache {
      try RecordCache.open(
        at: path, configuration: RecordCacheConfiguration(mapBytes: 1 << 28))
    }
    try disk.fill(leaving: kilobytes << 10)
    do throws(CacheError) {
      try open().close()
    } catch {
      #expect(error.reason == .diskFull, "\(error)")
    }
    // Nothing of the attempt is in the way.
    try disk.empty()
    let cache = try open()
    #expect(try cache.statistics().episodeCount == 0)
    cache.close()
  }
}

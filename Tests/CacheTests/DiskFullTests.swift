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
}

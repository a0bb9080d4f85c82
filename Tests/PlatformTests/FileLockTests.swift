import Foundation
import Platform
import Synchronization
import Testing

@Suite("File locks")
struct FileLockTests {
  @Test("A lock has one holder at a time, and is free again when the holder goes")
  func exclusive() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/lock"
    var first = try FileLock.take(path: path, permissions: 0o600)
    #expect(first != nil)
    #expect(try FileLock.take(path: path, permissions: 0o600) == nil)
    first = nil
    #expect(try FileLock.take(path: path, permissions: 0o600) != nil)
    #expect(folder.names == ["lock"])
  }

  @Test("Who waits gets the lock once it is given up")
  func waits() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/lock"
    let holder = Holder(try #require(try FileLock.take(path: path, permissions: 0o600)))
    // A thread of its own: the one that waits here is one of the few that tasks share.
    Thread.detachNewThread {
      usleep(20_000)
      holder.giveUp()
    }
    let second = try FileLock.take(path: path, permissions: 0o600, waitMillisecondsMax: 10_000)
    #expect(second != nil)
  }

  @Test("Who waits in vain learns so after the time that was given")
  func waitsInVain() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/lock"
    let first = try #require(try FileLock.take(path: path, permissions: 0o600))
    let start = ContinuousClock.now
    #expect(try FileLock.take(path: path, permissions: 0o600, waitMillisecondsMax: 20) == nil)
    #expect(ContinuousClock.now - start >= .milliseconds(20))
    withExtendedLifetime(first) {}
  }

  @Test("A file that cannot be made is an error, not a lock that another holds")
  func refused() throws {
    let folder = try TemporaryFolder()
    let failure = #expect(throws: FileFailure.self) {
      try FileLock.take(path: folder.path + "/none/lock", permissions: 0o600)
    }
    #expect(failure?.operation == .open)
    #expect(failure?.code == ENOENT)
  }
}

/// Holds a lock until it is told to give it up.
private final class Holder: Sendable {
  private let lock: Mutex<FileLock?>

  init(_ lock: FileLock) { self.lock = Mutex(lock) }

  func giveUp() { lock.withLock { $0 = nil } }
}

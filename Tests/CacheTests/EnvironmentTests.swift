import Foundation
import Synchronization
import Testing

@testable import Cache

@Suite("The environment under the caches")
struct EnvironmentTests {
  func lease(
    _ directory: TemporaryDirectory, options: EnvironmentOptions = EnvironmentOptions()
  ) throws -> EnvironmentLease {
    try EnvironmentRegistry.lease(
      path: directory.path, format: "test 1", tables: ["t"], options: options)
  }

  func put(_ value: UInt8, in environment: Environment) throws(CacheError) {
    try environment.write { (transaction) throws(CacheError) in
      try transaction.put([value], for: [1], in: environment.tables[0])
    }
  }

  func count(_ environment: Environment) throws(CacheError) -> Int {
    try environment.read { (transaction) throws(CacheError) in
      try transaction.count(of: environment.tables[0])
    }
  }

  func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  func keys(
    _ transaction: borrowing ReadTransaction, _ table: Table, from start: String? = nil,
    prefix: String = "", backwards: Bool = false
  ) throws -> [String] {
    var keys: [String] = []
    try transaction.forEach(
      in: table, from: start.map(bytes), prefix: bytes(prefix), backwards: backwards
    ) { key, _ in
      keys.append(String(decoding: key, as: UTF8.self))
      return true
    }
    return keys
  }

  @Test("Entries are walked forwards, backwards, from a key and by prefix")
  func cursors() throws {
    let directory = try TemporaryDirectory()
    let lease = try lease(directory)
    let table = lease.environment.tables[0]
    try lease.environment.write { (transaction) throws(CacheError) in
      for key in ["b", "ab", "a", "abc", "c", "ac"] {
        try transaction.put([1], for: Array(key.utf8), in: table)
      }
    }
    let results = try lease.environment.read { (transaction) throws(CacheError) in
      do {
        return [
          try keys(transaction, table), try keys(transaction, table, from: "abb"),
          try keys(transaction, table, prefix: "ab"), try keys(transaction, table, prefix: "d"),
          try keys(transaction, table, backwards: true),
          try keys(transaction, table, from: "abc", backwards: true),
          try keys(transaction, table, from: "abb", backwards: true),
          try keys(transaction, table, from: "zz", backwards: true),
        ]
      } catch let error as CacheError {
        throw error
      } catch {
        return []
      }
    }
    #expect(
      results == [
        ["a", "ab", "abc", "ac", "b", "c"], ["abc", "ac", "b", "c"], ["ab", "abc"], [],
        ["c", "b", "ac", "abc", "ab", "a"], ["abc", "ab", "a"], ["ab", "a"],
        ["c", "b", "ac", "abc", "ab", "a"],
      ])
  }

  @Test("A read sees the state at its beginning while writes go on")
  func snapshots() throws {
    let directory = try TemporaryDirectory()
    let lease = try lease(directory)
    let environment = lease.environment
    let table = environment.tables[0]
    try put(1, in: environment)
    let seen = try environment.read { (transaction) throws(CacheError) -> [UInt8?] in
      let before = try transaction.value(for: [1], in: table)?.first
      for value in UInt8(2)...20 { try put(value, in: environment) }
      return [before, try transaction.value(for: [1], in: table)?.first]
    }
    #expect(seen == [1, 1])
    let after = try environment.read { (transaction) throws(CacheError) in
      try transaction.value(for: [1], in: table)?.first
    }
    #expect(after == 20)
  }

  @Test("A write that throws leaves nothing, and a write within a write is refused")
  func failedWrites() throws {
    let directory = try TemporaryDirectory()
    let lease = try lease(directory)
    let environment = lease.environment
    let table = environment.tables[0]
    let error = #expect(throws: CacheError.self) {
      try environment.write { (transaction) throws(CacheError) in
        try transaction.put([1], for: [1], in: table)
        try environment.write { (inner) throws(CacheError) in
          try inner.put([1], for: [2], in: table)
        }
      }
    }
    #expect(error?.reason == .nestedWrite)
    #expect(error?.description.contains("finish the first write") == true)
    #expect(try count(environment) == 0)
    // The lock is free again.
    try put(1, in: environment)
    #expect(try count(environment) == 1)
  }

  @Test("A small map grows under writers and readers on many threads")
  func growth() async throws {
    let directory = try TemporaryDirectory()
    let lease = try lease(directory, options: EnvironmentOptions(mapBytes: 1 << 20))
    let environment = lease.environment
    let table = environment.tables[0]
    #expect(environment.mapBytes == 1 << 20)
    let reads = Counter()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in UInt8(0)..<2 {
        group.addTask {
          for round in UInt8(0)..<40 {
            try environment.write { (transaction) throws(CacheError) in
              try transaction.put(
                [UInt8](repeating: round, count: 20_000), for: [worker, round], in: table)
            }
          }
        }
      }
      group.addTask {
        for _ in 0..<500 {
          try environment.read { (transaction) throws(CacheError) in
            try transaction.forEach(in: table) { key, value in
              if value.allSatisfy({ $0 == key[1] }) { reads.value.add(1, ordering: .relaxed) }
              return reads.value.load(ordering: .relaxed) % 7 != 0
            }
          }
          await Task.yield()
        }
      }
      try await group.waitForAll()
    }
    #expect(try count(environment) == 80)
    #expect(environment.mapBytes >= 1 << 21)
    #expect(reads.value.load(ordering: .relaxed) > 0)
  }

  @Test("Where the address space is refused, a smaller map is used")
  func fallback() throws {
    let directory = try TemporaryDirectory()
    // No processor maps 2^60 bytes.
    let lease = try lease(directory, options: EnvironmentOptions(mapBytes: 1 << 60))
    #expect(lease.environment.mapBytes < 1 << 58)
    #expect(lease.environment.mapBytes >= EnvironmentOptions.fallbackMapBytesMin)
    try put(1, in: lease.environment)
    #expect(try count(lease.environment) == 1)
  }

  @Test("More readers than the table has places for is an error that says so")
  func readersFull() throws {
    let directory = try TemporaryDirectory()
    let lease = try lease(directory, options: EnvironmentOptions(readersMax: 3))
    let environment = lease.environment
    let first = try environment.pin(environment.beginRead())
    let second = try environment.pin(environment.beginRead())
    let third = try environment.pin(environment.beginRead())
    let error = #expect(throws: CacheError.self) { try environment.read { $0.snapshotID } }
    #expect(error?.reason == .readersFull)
    environment.endRead(first)
    #expect(try environment.read { $0.snapshotID } > 0)
    environment.endRead(second)
    environment.endRead(third)
  }

  @Test("Errors name the operation, the path and what to do")
  func descriptions() {
    let error = CacheError(system: ENOSPC, operation: "commit a write", path: "/c")
    #expect(error.reason == .diskFull)
    #expect(
      error.description
        == "cache /c: cannot commit a write: No space left on device (28); "
        + "free space on the disk and try again")
    #expect(CacheError.Reason.allCases.count == 14)
  }

  @Test("A directory that may not be written is an error, not a rebuilt cache")
  func unusableDirectory() throws {
    let error = #expect(throws: CacheError.self) {
      try RecordCache.open(at: "/proc/engram/records")
    }
    #expect(error?.reason != .damaged)
  }
}

final class Counter: Sendable {
  let value = Atomic<Int>(0)
}

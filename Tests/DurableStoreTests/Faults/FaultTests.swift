import Episodes
import Foundation
import Testing

@testable import DurableStore

/// See ``FaultyDisk`` for the fault model.
@Suite("A disk that fails")
struct FaultTests {
  private func batch(_ number: Int) -> [NewEpisode] {
    (0..<3).map { NewEpisode(Samples.episode("b\(number)-\($0)")) }
  }

  /// Checks that of each batch all is there, or nothing, and all of the acknowledged ones.
  private func check(
    _ store: DurableStore, acknowledged: [Int], tried: Int, allowsOthers: Bool = false,
    _ hint: String
  ) async throws {
    for number in 0..<tried {
      let found = try await store.episodes(ids: (0..<3).map { "b\(number)-\($0)" })
      if acknowledged.contains(number) {
        #expect(
          found == (0..<3).map { Samples.episode("b\(number)-\($0)") }, "batch \(number), \(hint)")
      } else {
        #expect(
          found.isEmpty || allowsOthers && found.count == 3,
          "\(found.count) of batch \(number), \(hint)")
      }
    }
    #expect(try await store.checkIntegrity() == [], "\(hint)")
  }

  @Test(
    "A call that fails is an error; what was acknowledged stays, nothing is half there, and the store goes on",
    arguments: [FaultyDisk.Fault.failedWrite, .shortWrite, .fullDisk, .failedSync])
  func failedCalls(fault: FaultyDisk.Fault) async throws {
    var hits = 0
    for place in 0..<12 {
      let folder = try TemporaryFolder()
      let disk = FaultyDisk(folder: folder.path)
      let path = folder.file("store.db")
      let store = try await DurableStore.open(path: path)
      var acknowledged: [Int] = []
      disk.arm(fault, after: place * (fault == .failedSync ? 1 : 9))
      for number in 0..<12 {
        do {
          try await store.insert(batch(number))
          acknowledged.append(number)
        } catch {
          #expect(disk.hitCount > 0, "\(error)")
        }
      }
      hits += disk.hitCount
      disk.disarm()
      let hint = "\(fault) after \(place)"
      #expect(acknowledged.count >= 12 - disk.hitCount, "\(hint)")
      try await store.insert(batch(12))
      acknowledged.append(12)
      try await check(store, acknowledged: acknowledged, tried: 13, hint)
      store.close()
      let again = try await DurableStore.open(path: path)
      try await check(again, acknowledged: acknowledged, tried: 13, hint)
      again.close()
    }
    #expect(hits >= 10, "few calls failed: \(hits)")
  }

  @Test("A disk that stays full refuses writes and serves reads; with room again writes go on")
  func fullDisk() async throws {
    let folder = try TemporaryFolder()
    let disk = FaultyDisk(folder: folder.path)
    let store = try await DurableStore.open(path: folder.file("store.db"))
    try await store.insert(batch(0))
    disk.arm(.fullDisk, after: 0, isLasting: true)
    for number in 1..<5 {
      let error = await #expect(throws: DurableStoreError.self) {
        try await store.insert(batch(number))
      }
      guard case .database(let sql)? = error else { continue }
      #expect(sql.kind == .diskFull)
    }
    try await check(store, acknowledged: [0], tried: 5, "full")
    disk.disarm()
    try await store.insert(batch(5))
    try await check(store, acknowledged: [0, 5], tried: 6, "room again")
    store.close()
  }

  @Test("A read that fails is an error and no missing record; later reads find it")
  func failedReads() async throws {
    let folder = try TemporaryFolder()
    let disk = FaultyDisk(folder: folder.path)
    let path = folder.file("store.db")
    let first = try await DurableStore.open(path: path)
    for number in 0..<10 { try await first.insert(batch(number)) }
    first.close()
    var hits = 0
    for place in 0..<20 {
      disk.arm(.failedRead, after: place)
      do {
        let store = try await DurableStore.open(path: path)
        defer { store.close() }
        for number in 0..<10 {
          do {
            let found = try await store.episodes(ids: ["b\(number)-1"])
            #expect(found == [Samples.episode("b\(number)-1")])
          } catch {
            #expect(disk.hitCount == 1, "\(error)")
          }
        }
        disk.disarm()
        try await check(store, acknowledged: Array(0..<10), tried: 10, "read \(place)")
      } catch {
        #expect(disk.hitCount == 1, "\(error)")
      }
      hits += disk.hitCount
      disk.disarm()
    }
    #expect(hits >= 10)
  }

  @Test("After a loss of power at any moment all that was acknowledged is there, and nothing half")
  func powerLoss() async throws {
    let seed: UInt64 = 20_260
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var lostCount = 0
    for round in 0..<30 {
      let folder = try TemporaryFolder()
      let disk = FaultyDisk(folder: folder.path)
      let path = folder.file("store.db")
      var store: DurableStore? = try await DurableStore.open(path: path)
      var acknowledged: [Int] = []
      disk.arm(.powerLoss, after: Int.random(in: 0..<160, using: &generator))
      var tried = 0
      writing: while tried < 16 {
        do {
          // Closing brings the log into the file: the power may go then, too.
          if tried % 5 == 4 {
            store?.close()
            store = nil
            store = try await DurableStore.open(path: path)
          }
          tried += 1
          try await store?.insert(batch(tried - 1))
          // The call may have returned what was decided before the power went.
          acknowledged.append(tried - 1)
        } catch {
          #expect(disk.hitCount > 0, "\(error)")
          break writing
        }
      }
      if disk.hitCount > 0 { lostCount += 1 }
      let remains = try TemporaryFolder()
      try disk.writeRemains(to: remains.path, using: &generator)
      store?.close()
      let again = try await DurableStore.open(path: remains.file("store.db"))
      try await check(
        again, acknowledged: acknowledged, tried: tried, allowsOthers: true, "round \(round)")
      try await again.insert([NewEpisode(Samples.episode("after"))])
      again.close()
    }
    #expect(lostCount >= 10)
  }
}

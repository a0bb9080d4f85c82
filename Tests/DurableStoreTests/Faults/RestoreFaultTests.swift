import Episodes
import Foundation
import Testing

@testable import DurableStore

/// See ``FaultyDisk`` for the fault model.
@Suite("A restore on a disk that fails")
struct RestoreFaultTests {
  private func make(_ path: String, _ prefix: String, count: Int) async throws {
    let store = try await DurableStore.open(path: path)
    try await store.insert((0..<count).map { NewEpisode(Samples.episode("\(prefix)\($0)")) })
    store.close()
  }

  /// What is stored: true for the new content, false for the old; anything else is an issue.
  private func isNew(_ path: String, _ hint: Comment) async throws -> Bool {
    let store = try await DurableStore.open(path: path)
    defer { store.close() }
    let old = try await store.episodes(ids: (0..<30).map { "old\($0)" }).count
    let new = try await store.episodes(ids: (0..<40).map { "new\($0)" }).count
    #expect(old == 30 && new == 0 || old == 0 && new == 40, "\(old) old, \(new) new, \(hint)")
    #expect(try await store.checkIntegrity() == [], hint)
    return new > 0
  }

  @Test("After a loss of power at any moment the store is the old one or the new one")
  func powerLoss() async throws {
    let seed: UInt64 = 417
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let backups = try TemporaryFolder()
    let backup = backups.file("backup.db")
    try await make(backup, "new", count: 40)
    var lostCount = 0
    var newCount = 0
    for round in 0..<12 {
      let folder = try TemporaryFolder()
      let disk = FaultyDisk(folder: folder.path)
      let path = folder.file("store.db")
      try await make(path, "old", count: 30)
      disk.arm(.powerLoss, after: Int.random(in: 0..<540, using: &generator))
      let isAcknowledged: Bool
      do {
        _ = try await DurableStore.restore(from: backup, to: path)
        isAcknowledged = true
      } catch {
        #expect(disk.hitCount > 0, "\(error)")
        isAcknowledged = false
      }
      if disk.hitCount > 0 { lostCount += 1 }
      let remains = try TemporaryFolder()
      try disk.writeRemains(to: remains.path, using: &generator)
      let found = try await isNew(remains.file("store.db"), "round \(round)")
      #expect(found || !isAcknowledged, "round \(round)")
      if found { newCount += 1 }
    }
    print("the power went in \(lostCount) of 12 restores, \(newCount) stores were the new one")
    #expect(lostCount >= 5)
    #expect((1..<12).contains(newCount))
  }

  @Test(
    "A call that fails leaves the old store or the new one",
    arguments: [FaultyDisk.Fault.failedWrite, .shortWrite, .fullDisk, .failedSync, .failedRead])
  func failedCalls(fault: FaultyDisk.Fault) async throws {
    let backups = try TemporaryFolder()
    let backup = backups.file("backup.db")
    try await make(backup, "new", count: 40)
    var hits = 0
    for place in 0..<4 {
      let folder = try TemporaryFolder()
      let disk = FaultyDisk(folder: folder.path)
      let path = folder.file("store.db")
      try await make(path, "old", count: 30)
      disk.arm(fault, after: place * (fault == .failedSync ? 2 : 90))
      var isAcknowledged = false
      do {
        _ = try await DurableStore.restore(from: backup, to: path)
        isAcknowledged = true
      } catch {
        #expect(disk.hitCount > 0, "\(error)")
      }
      hits += disk.hitCount
      disk.disarm()
      let hint: Comment = "\(fault) after \(place)"
      #expect(try await isNew(path, hint) == isAcknowledged, hint)
    }
    #expect(hits >= 2, "few calls failed: \(hits)")
  }
}

import Episodes
import Foundation
import Testing

@testable import DurableStore

/// Files as a kill leaves them: copied while a connection is at work.
@Suite("What a killed process leaves behind")
struct InterruptedTests {
  private func store(_ path: String, _ prefix: String, count: Int = 300) async throws {
    let store = try await DurableStore.open(path: path)
    try await store.insert((0..<count).map { NewEpisode(Samples.episode("\(prefix)\($0)")) })
    store.close()
  }

  private func copy(_ path: String, to other: String, _ suffixes: [String]) throws {
    for suffix in suffixes {
      try FileManager.default.copyItem(atPath: path + suffix, toPath: other + suffix)
    }
  }

  /// Leaves `other` as a transaction leaves `path` that is cut off after its first pages.
  private func cutOff(_ path: String, to other: String) throws {
    let connection = try SQLiteConnection(
      path: path, role: .writer, busyTimeoutSeconds: 1, counters: StatementCounters())
    // A small cache, so that pages go to the file before the transaction has ended.
    try connection.script(
      "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 4; BEGIN; DELETE FROM steps; "
        + "UPDATE episodes SET task_description = hex(randomblob(200))")
    try copy(path, to: other, ["", "-journal"])
    try connection.script("ROLLBACK")
    connection.close()
  }

  @Test("A store with pages of a transaction that was cut off opens as it was before it")
  func hotJournal() async throws {
    let folder = try TemporaryFolder()
    try await store(folder.file("a.db"), "a")
    let path = folder.file("b.db")
    try cutOff(folder.file("a.db"), to: path)
    let half = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(try half != Data(contentsOf: URL(fileURLWithPath: folder.file("a.db"))))
    let opened = try await DurableStore.open(path: path)
    #expect(try await opened.count(matching: EpisodeFilter()) == 300)
    #expect(try await opened.episode(id: "a7") == Samples.episode("a7"))
    #expect(try await opened.checkIntegrity() == [])
    opened.close()
  }

  @Test("A backup and a store that were cut off can be restored from and over")
  func restored() async throws {
    let folder = try TemporaryFolder()
    try await store(folder.file("a.db"), "a")
    try await store(folder.file("b.db"), "b", count: 10)
    let backup = folder.file("backup.db")
    let path = folder.file("store.db")
    try cutOff(folder.file("a.db"), to: backup)
    try cutOff(folder.file("b.db"), to: path)
    // Of a restore that was killed before: a log that would be taken for that of the new copy.
    let opened = try await DurableStore.open(path: folder.file("b.db"))
    try await opened.insert([NewEpisode(Samples.episode("never"))])
    for suffix in ["-wal", "-shm"] {
      try FileManager.default.copyItem(
        atPath: folder.file("b.db") + suffix, toPath: path + ".restoring" + suffix)
    }
    opened.close()
    let report = try await DurableStore.restore(from: backup, to: path)
    #expect(report.episodeCount == 300)
    let restored = try await DurableStore.open(path: path)
    #expect(try await restored.count(matching: EpisodeFilter()) == 300)
    #expect(try await restored.checkIntegrity() == [])
    restored.close()
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect((mode as? NSNumber)?.intValue != nil)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
        $0.contains("restoring")
      } == [])
  }

  @Test("Opening removes what a killed restore has left, but not what a restore is at work on")
  func remains() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("s.db")
    let remains = [".restoring", ".restoring-wal", ".restoring.engram-partial"].map { path + $0 }
    func leave() throws {
      for file in remains { try Data("left".utf8).write(to: URL(fileURLWithPath: file)) }
    }
    func found() -> Int { remains.count { FileManager.default.fileExists(atPath: $0) } }
    try leave()
    try await DurableStore.open(path: path).close()
    #expect(found() == 0)
    try leave()
    do {
      guard let lock = FolderLock(folderOf: path) else {
        Issue.record("the folder is locked")
        return
      }
      try await DurableStore.open(path: path).close()
      #expect(found() == 3)
      await #expect(throws: DurableStoreError.inUse(path: folder.file("other.db"))) {
        try await DurableStore.restore(from: path, to: folder.file("other.db"))
      }
      withExtendedLifetime(lock) {}
    }
    try await DurableStore.open(path: path).close()
    #expect(found() == 0)
  }

  @Test("A new file where a restore put the store is of its owner only")
  func mode() async throws {
    let folder = try TemporaryFolder()
    try await store(folder.file("a.db"), "a", count: 3)
    _ = try await DurableStore.restore(from: folder.file("a.db"), to: folder.file("b.db"))
    let mode = try FileManager.default.attributesOfItem(atPath: folder.file("b.db"))
    #expect((mode[.posixPermissions] as? NSNumber)?.intValue == 0o600)
  }

  @Test("The log of a backup that is replaced is not taken for that of the new one")
  func overwrittenBackup() async throws {
    let folder = try TemporaryFolder()
    let backup = folder.file("backup.db")
    let old = try await DurableStore.open(path: folder.file("old.db"))
    try await old.insert((0..<50).map { NewEpisode(Samples.episode("old\($0)")) })
    try copy(folder.file("old.db"), to: backup, ["", "-wal", "-shm"])
    old.close()
    let store = try await DurableStore.open(path: folder.file("new.db"))
    try await store.insert((0..<20).map { NewEpisode(Samples.episode("new\($0)")) })
    _ = try await store.backUp(to: backup, overwrite: true)
    let copied = try await DurableStore.open(path: backup)
    #expect(try await copied.count(matching: EpisodeFilter()) == 20)
    #expect(try await copied.checkIntegrity() == [])
    // And one that is open is left alone.
    await #expect(throws: DurableStoreError.inUse(path: backup)) {
      try await store.backUp(to: backup, overwrite: true)
    }
    #expect(try await copied.count(matching: EpisodeFilter()) == 20)
    copied.close()
    store.close()
  }

  @Test("Of two backups to one place at once each is complete or refused")
  func twoBackups() async throws {
    let folder = try TemporaryFolder()
    try await store(folder.file("a.db"), "a")
    let store = try await DurableStore.open(path: folder.file("a.db"))
    let backup = folder.file("backup.db")
    let results = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<6 {
        group.addTask {
          do throws(DurableStoreError) {
            return try await store.backUp(to: backup, overwrite: true).episodeCount == 300
          } catch {
            #expect(error == .inUse(path: backup))
            return false
          }
        }
      }
      return await group.reduce(into: [Bool]()) { $0.append($1) }
    }
    #expect(results.contains(true))
    let copied = try await DurableStore.open(path: backup)
    #expect(try await copied.checkIntegrity() == [])
    copied.close()
    store.close()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["a.db", "backup.db"])
  }
}

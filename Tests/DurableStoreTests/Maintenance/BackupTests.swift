import Episodes
import Foundation
import Testing

@testable import DurableStore

@Suite("Backup, restore, vacuum and health")
struct BackupTests {
  @Test(
    "A backup made while tasks write holds one moment, and is a plain file of its owner",
    .enabled(if: TestStore.isLocal))
  func whileInUse() async throws {
    try await withStore { store, folder in
      try await store.insert((0..<200).map { NewEpisode(Samples.episode("e\($0)")) })
      let path = folder.file("backup.db")
      let writing = Task {
        var count = 0
        while !Task.isCancelled {
          // Two that belong together: a moment has both or neither.
          try await store.insert([
            NewEpisode(Samples.episode("a\(count)")), NewEpisode(Samples.episode("b\(count)")),
          ])
          count += 1
        }
        return count
      }
      let report = try await store.backUp(to: path)
      writing.cancel()
      _ = try? await writing.value
      #expect(report.episodeCount >= 200)
      #expect(report.byteCount == (try Data(contentsOf: URL(fileURLWithPath: path))).count)
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
      #expect((mode as? NSNumber)?.intValue == 0o600)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(names.filter { $0.hasPrefix("backup") } == ["backup.db"])
      let copy = try await DurableStore.open(path: path)
      let count = try await copy.count(matching: EpisodeFilter())
      #expect(count == report.episodeCount)
      #expect(count % 2 == 0)
      #expect(try await copy.checkIntegrity() == [])
      #expect(try await copy.episode(id: "e7") == Samples.episode("e7"))
      #expect(copy.storeID == store.storeID)
      copy.close()
    }
  }

  @Test("A backup does not replace a file unless it is told to", .enabled(if: TestStore.isLocal))
  func overwrite() async throws {
    try await withStore { store, folder in
      let path = folder.file("backup.db")
      try "mine".write(toFile: path, atomically: true, encoding: .utf8)
      let error = await #expect(throws: DurableStoreError.self) { try await store.backUp(to: path) }
      #expect(error == .cannotOpen(path: path, problem: "it is there already"))
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
      _ = try await store.backUp(to: path, overwrite: true)
      try await DurableStore.open(path: path).close()
      await #expect(throws: DurableStoreError.self) {
        try await store.backUp(to: folder.file("missing/backup.db"))
      }
    }
  }

  @Test(
    "What has come while the copy was made is not replaced, nor a log taken for the copy's own",
    .enabled(if: TestStore.isLocal))
  func comesMeanwhile() async throws {
    try await withStore { store, folder in
      let source = try store.localFile().path
      let path = folder.file("backup.db")
      try "mine".write(toFile: path, atomically: true, encoding: .utf8)
      // As if it had not been there when the backup began.
      let error = await #expect(throws: SQLError.self) {
        try await SQLiteBackup(source: source, destination: path, replaces: false).run()
      }
      #expect(error?.kind == .cannotOpen && error?.message == "it is there already")
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")

      let gone = folder.file("gone.db")
      try "a log".write(toFile: gone + "-wal", atomically: true, encoding: .utf8)
      let orphan = await #expect(throws: DurableStoreError.self) {
        try await store.backUp(to: gone)
      }
      #expect(orphan?.description.contains("gone.db-wal") == true)
      #expect(try String(contentsOfFile: gone + "-wal", encoding: .utf8) == "a log")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(!names.contains { $0.hasSuffix(SQLiteBackup.partialSuffix) }, "\(names)")
    }
  }

  @Test("A restored store is the backup with an identity of its own")
  func restore() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("store.db")
    let backup = folder.file("backup.db")
    let store = try await DurableStore.open(path: path)
    try await store.insert([NewEpisode(Samples.episode("then"))])
    _ = try await store.backUp(to: backup)
    try await store.insert([NewEpisode(Samples.episode("now"))])
    // Open here: nothing may be replaced.
    let error = await #expect(throws: DurableStoreError.self) {
      try await DurableStore.restore(from: backup, to: path)
    }
    #expect(error == .inUse(path: path))
    #expect(try await store.episode(id: "now") != nil)
    store.close()
    let report = try await DurableStore.restore(from: backup, to: path)
    #expect(report.episodeCount == 1)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["backup.db", "store.db"])
    let restored = try await DurableStore.open(path: path)
    #expect(try await restored.episode(id: "then") == Samples.episode("then"))
    #expect(try await restored.episode(id: "now") == nil)
    #expect(restored.storeID != store.storeID)
    #expect(try await restored.checkIntegrity() == [])
    restored.close()
    // Into a place where there is nothing yet.
    let fresh = folder.file("fresh.db")
    _ = try await DurableStore.restore(from: backup, to: fresh)
    let copy = try await DurableStore.open(path: fresh)
    #expect(try await copy.count(matching: EpisodeFilter()) == 1)
    copy.close()
  }

  @Test("A backup that is damaged, foreign or newer is refused, and the store stays")
  func refusedBackups() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("store.db")
    let store = try await DurableStore.open(path: path)
    try await store.insert((0..<300).map { NewEpisode(Samples.episode("e\($0)")) })
    let backup = folder.file("backup.db")
    _ = try await store.backUp(to: backup)
    store.close()
    let good = [UInt8](try Data(contentsOf: URL(fileURLWithPath: backup)))
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let damaged = folder.file("damaged.db")
    var random = SeededGenerator(seed: 3)
    var bytes = good
    for index in 8192..<bytes.count where random.chance(0.05) { bytes[index] ^= 0xff }
    try Data(bytes).write(to: URL(fileURLWithPath: damaged))
    try Data(good.prefix(good.count / 2)).write(
      to: URL(fileURLWithPath: folder.file("short.db")))
    try "no database at all, only words".write(
      toFile: folder.file("words.db"), atomically: true, encoding: .utf8)
    try Data().write(to: URL(fileURLWithPath: folder.file("empty.db")))
    try await DurableStore.open(
      path: folder.file("newer.db"), configuration: DurableStoreConfiguration(),
      migrations: Migration.all + [Migration(version: 99, statements: ["CREATE TABLE later (x)"])]
    ).close()
    for name in ["damaged", "short", "words", "empty", "newer", "missing"] {
      await #expect(throws: DurableStoreError.self, "\(name)") {
        try await DurableStore.restore(from: folder.file(name + ".db"), to: path)
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before, "\(name)")
    }
  }

  @Test("A vacuum gives back what deleted episodes took", .enabled(if: TestStore.isLocal))
  func vacuum() async throws {
    try await withStore { store, _ in
      let text = String(repeating: "word ", count: 1500)
      try await store.insert(
        (0..<300).map { NewEpisode(Samples.episode("e\($0)", text: "\($0) " + text)) })
      try await store.deleteEpisodes(ids: (0..<290).map { "e\($0)" })
      let report = try await store.vacuum()
      #expect(report.bytesAfter * 4 < report.bytesBefore)
      let health = await store.health()
      #expect(health.freePageCount == 0)
      #expect(health.logBytes == 0)
      #expect(health.fileBytes == report.bytesAfter)
      #expect(try await store.count(matching: EpisodeFilter()) == 10)
      #expect(try await store.checkIntegrity() == [])
    }
  }

  @Test(
    "Health tells of the file, the connections and the breakers, also when the store is gone",
    .enabled(if: TestStore.isLocal))
  func health() async throws {
    try await withStore { store, _ in
      try await store.insert([NewEpisode(Samples.episode("e"))])
      let health = await store.health()
      #expect(health.isReachable)
      #expect(health.schemaVersion == store.schemaVersion)
      #expect(health.storeID == store.storeID)
      #expect(health.sqliteVersion.hasPrefix("3."))
      #expect(health.pageBytes * health.pageCount > 100_000)
      #expect(health.statements.readBreaker?.state == .closed)
      #expect(health.statements.readers.connectionsMax == 9)
      #expect(health.statements.writes.count > 0)
      #expect(health.statements.writes.p99Microseconds > 0)
      store.close()
      let after = await store.health()
      #expect(!after.isReachable)
      #expect(after.problem == "the store is closed")
    }
  }

  @Test("What an export gives makes a store whose export is the same")
  func export() async throws {
    let seed: UInt64 = 8
    print("seed \(seed)")
    var random = RandomEpisodes(seed: seed)
    try await withStore { store, folder in
      var episodes = (0..<150).map { _ in random.episode() }
      episodes[0].id = "zz-first"
      episodes[0].checkpoints = []
      // Linked below.
      episodes[4].namespace = episodes[3].namespace
      try await store.insert(
        episodes.map { NewEpisode($0, embeddings: [Samples.embedding($0.id)]) })
      try await store.put(
        Samples.pattern("p1"), embeddings: [Samples.embedding("p1", kind: .pattern)])
      try await store.put(Samples.pattern("p0"))
      try await store.put(
        Heuristic(
          id: "h", condition: "c", action: "a", confidence: 0.5, evidence: [],
          createdAt: Samples.time, updatedAt: Samples.time))
      try await store.insert(
        Relationship(
          id: "r", from: episodes[3].id, to: episodes[4].id, kind: .follows,
          createdAt: Samples.time))
      let first = try await Self.records(store)
      #expect(first.count == 154)
      let other = try await DurableStore.open(path: folder.file("other.db"))
      for record in first {
        switch record {
        case .learned: Issue.record("nothing was learned here")
        case .episode(let episode, let embeddings):
          try await other.insert([NewEpisode(episode, embeddings: embeddings)])
        case .pattern(let pattern, let embeddings):
          try await other.put(pattern, embeddings: embeddings)
        case .heuristic(let heuristic): try await other.put(heuristic)
        case .relationship(let relationship): try await other.insert(relationship)
        }
      }
      #expect(try await Self.records(other) == first)
      let without = Locked(0)
      try await store.export { record in
        if case .episode(_, let embeddings) = record {
          without.withLock { $0 += embeddings.count }
        }
      }
      #expect(without.withLock { $0 } == 0)
      other.close()
    }
  }

  private static func records(_ store: DurableStore) async throws -> [StoredRecord] {
    let records = Locked<[StoredRecord]>([])
    try await store.export(embeddings: true) { record in
      records.withLock { $0.append(record) }
    }
    return records.withLock { $0 }
  }
}

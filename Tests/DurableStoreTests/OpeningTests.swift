import Episodes
import Foundation
import Testing

@testable import DurableStore

@Suite("Opening a store")
struct OpeningTests {
  private static func failure(opening path: String) async -> DurableStoreError? {
    do {
      try await DurableStore.open(path: path).close()
      return nil
    } catch {
      return error
    }
  }

  @Test("A store is created, closed and opened again with all it holds")
  func reopen() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("store.db")
    let store = try await DurableStore.open(path: path)
    #expect(store.schemaVersion == Migration.all[Migration.all.count - 1].version)
    try await store.insert([NewEpisode(Samples.episode("e"))])
    store.close()
    await #expect(throws: DurableStoreError.self) { try await store.episode(id: "e") }
    // Closed, the file alone is the store.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["store.db"])
    let again = try await DurableStore.open(path: path)
    #expect(again.storeID == store.storeID)
    #expect(again.storeID.count == 32)
    #expect(try await again.episode(id: "e") == Samples.episode("e"))
    again.close()
  }

  @Test("A file that is no database is refused by name and left as it was")
  func notADatabase() async throws {
    let folder = try TemporaryFolder()
    for (index, text) in ["short", String(repeating: "not a database\n", count: 1000)].enumerated()
    {
      let path = folder.file("notes\(index).txt")
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      let error = await Self.failure(opening: path)
      #expect(error == .notADatabase(path: path))
      #expect(error?.description == "\(path) is not an SQLite database")
      #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }
  }

  @Test("A damaged database is an error, not a crash")
  func damaged() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("store.db")
    let store = try await DurableStore.open(path: path)
    try await store.insert((0..<50).map { NewEpisode(Samples.episode("e\($0)")) })
    store.close()
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    var random = SeededGenerator(seed: 5)
    for index in 4096..<bytes.count where random.chance(0.2) { bytes[index] = 0xa5 }
    for index in 100..<2000 { bytes[index] = 0xff }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(await Self.failure(opening: path) != nil)
  }

  @Test("A file of a later release is refused and left as it was")
  func newer() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("store.db")
    let supported = Migration.all[Migration.all.count - 1].version
    let later = Migration(version: supported + 1, statements: ["CREATE TABLE later (x)"])
    try await DurableStore.open(
      path: path, configuration: DurableStoreConfiguration(), migrations: Migration.all + [later]
    ).close()
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let error = await Self.failure(opening: path)
    #expect(error == .newerSchema(path: path, found: supported + 1, supported: supported))
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test("A database of another program is refused and left as it was")
  func foreign() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("other.db")
    let backend = try SQLiteBackend(path: path, busyTimeoutSeconds: 1)
    try await backend.write(SQLStatement("CREATE TABLE bookmarks (url TEXT)"))
    backend.close()
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(await Self.failure(opening: path) == .foreignDatabase(path: path))
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test("Places where no file can be are refused with the reason")
  func places() async throws {
    let folder = try TemporaryFolder()
    try "text".write(toFile: folder.file("file"), atomically: true, encoding: .utf8)
    let cases = [
      (folder.file("missing/store.db"), "does not exist"),
      (folder.file("file/store.db"), "is a file, not a folder"),
      (folder.path, "it is a folder"),
      // Nobody can create a file here, not even root.
      ("/proc/store.db", "no file can be created in its folder"),
    ]
    for (path, reason) in cases {
      let error = await Self.failure(opening: path)
      guard case .cannotOpen(path, let problem)? = error else {
        Issue.record("\(path): \(String(describing: error))")
        continue
      }
      #expect(problem.contains(reason), "\(path)")
    }
  }

  @Test("A folder without write permission is refused", .enabled(if: getuid() != 0))
  func unwritable() async throws {
    let folder = try TemporaryFolder()
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o555], ofItemAtPath: folder.path)
    defer {
      try? FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: folder.path)
    }
    let path = folder.file("store.db")
    guard case .cannotOpen(path, _)? = await Self.failure(opening: path) else {
      Issue.record("opened")
      return
    }
  }

  @Test("A migration is applied once, as a whole or not at all")
  func migrations() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("store.db")
    let configuration = DurableStoreConfiguration()
    let first = try await DurableStore.open(path: path)
    try await first.insert([NewEpisode(Samples.episode("e"))])
    first.close()
    let next = Migration.all[Migration.all.count - 1].version + 1
    let broken = Migration(
      version: next, statements: ["CREATE TABLE half (x)", "CREATE TABLE episodes (x)"])
    await #expect(throws: DurableStoreError.self) {
      try await DurableStore.open(
        path: path, configuration: configuration, migrations: Migration.all + [broken])
    }
    // The failed one left nothing: the file is still of the version before.
    let again = try await DurableStore.open(path: path)
    #expect(try await again.episode(id: "e") != nil)
    #expect(
      try await again.read("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").firstInteger
        == 0)
    again.close()
    let works = Migration(
      version: next, statements: ["ALTER TABLE episodes ADD COLUMN mood TEXT"])
    for _ in 0..<2 {
      let store = try await DurableStore.open(
        path: path, configuration: configuration, migrations: Migration.all + [works])
      #expect(store.schemaVersion == next)
      #expect(try await store.episode(id: "e") == Samples.episode("e"))
      store.close()
    }
  }

  @Test("Many may open a new file at once")
  func together() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("store.db")
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for index in 0..<6 {
        group.addTask {
          let store = try await DurableStore.open(path: path)
          try await store.insert([NewEpisode(Samples.episode("e\(index)"))])
          let id = store.storeID
          store.close()
          return id
        }
      }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(ids.count == 1)
    let store = try await DurableStore.open(path: path)
    #expect(try await store.count(matching: EpisodeFilter()) == 6)
    store.close()
  }

  @Test("A commit is forced to the disk, references are enforced, and the log is write-ahead")
  func settings() async throws {
    try await withStore { store, _ in
      let settings = try await store.write([
        SQLStatement("SELECT synchronous FROM pragma_synchronous()"),
        SQLStatement("SELECT foreign_keys FROM pragma_foreign_keys()"),
        SQLStatement("SELECT journal_mode FROM pragma_journal_mode()"),
      ])
      #expect(settings[0].firstInteger == 2)
      #expect(settings[1].firstInteger == 1)
      #expect(settings[2].rows == [[.text("wal")]])
    }
  }

  @Test("Statements are prepared once and found again")
  func statementCache() async throws {
    try await withStore { store, _ in
      let before = try await store.statistics().statements
      for index in 0..<50 {
        try await store.insert([NewEpisode(Samples.episode("e\(index)"))])
        _ = try await store.episode(id: "e\(index)")
      }
      let statistics = try await store.statistics()
      #expect(statistics.statements.statementsExecuted - before.statementsExecuted >= 150)
      // Two statements on the writer, and fifteen on each of up to four readers.
      #expect(statistics.statements.statementsPrepared - before.statementsPrepared <= 64)
      #expect(statistics.statements.statementCacheHitRate > 0.5)
      #expect(statistics.rowCounts["episodes"] == 50)
      #expect(statistics.rowCounts["steps"] == 100)
      #expect(statistics.lastChangeSequence == 50)
      #expect(statistics.byteCount > 50_000)
    }
  }
}

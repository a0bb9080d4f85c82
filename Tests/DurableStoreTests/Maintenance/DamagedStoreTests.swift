import Episodes
import Foundation
import TestSupport
import Testing

@testable import DurableStore

@Suite("A restore in the place of a damaged store")
struct DamagedStoreTests {
  enum Damage: CaseIterable {
    case randomBytes, words, truncated, damagedSchema, damagedPages, damagedRows, newer, foreign
  }

  private func fill(_ path: String, _ prefix: String, count: Int) async throws {
    let store = try await DurableStore.open(path: path)
    try await store.insert((0..<count).map { NewEpisode(Samples.episode("\(prefix)\($0)")) })
    store.close()
  }

  private func inflict(_ damage: Damage, on path: String) async throws {
    let url = URL(fileURLWithPath: path)
    var bytes = [UInt8](try Data(contentsOf: url))
    var generator = SeededGenerator(seed: 9)
    switch damage {
    case .randomBytes: bytes = bytes.map { _ in UInt8.random(in: 0...255, using: &generator) }
    case .words: bytes = Array("no database at all".utf8)
    case .truncated: bytes = Array(bytes.prefix(bytes.count / 2))
    case .damagedSchema: for index in 100..<4096 { bytes[index] = 0xff }
    case .damagedPages: for index in 8192..<bytes.count { bytes[index] ^= 0xff }
    case .damagedRows:
      try Self.damageRows(of: path)
      return
    case .newer:
      try await DurableStore.open(
        path: path, configuration: DurableStoreConfiguration(),
        migrations: Migration.all + [Migration(version: 99, statements: ["CREATE TABLE later (x)"])]
      ).close()
      return
    case .foreign:
      try FileManager.default.removeItem(atPath: path)
      let other = try SQLiteConnection(
        path: path, role: .writer, busyTimeoutSeconds: 1, counters: StatementCounters())
      try other.script("CREATE TABLE songs (title)")
      other.close()
      return
    }
    try Data(bytes).write(to: url)
  }

  /// Empties the pages of the table of episodes but its first; the store opens, and takes new episodes.
  private static func damageRows(of path: String) throws {
    let connection = try SQLiteConnection(
      path: path, role: .writer, busyTimeoutSeconds: 1, counters: StatementCounters())
    let result = try connection.execute(
      SQLStatement("SELECT pageno FROM dbstat WHERE name = 'episodes' AND pagetype = 'leaf'"))
    connection.close()
    let pages = result.rows.compactMap {
      if case .integer(let page)? = $0.first { page } else { nil }
    }
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    for page in pages.dropFirst() {
      try file.seek(toOffset: UInt64(page - 1) * 4096)
      try file.write(contentsOf: Data(count: 4096))
    }
    try file.close()
    try #require(pages.count > 1)
  }

  @Test("What is damaged is a problem that is told, not a failure to look")
  func check() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("store.db")
    try await fill(path, "old", count: 100)
    try Self.damageRows(of: path)
    let store = try await DurableStore.open(path: path)
    let problems = try await store.checkIntegrity()
    #expect(!problems.isEmpty)
    store.close()
  }

  @Test(
    "The store restored has all, and the file that was there is kept", arguments: Damage.allCases)
  func restore(damage: Damage) async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("store.db")
    let backups = try TemporaryFolder()
    let backup = backups.file("backup.db")
    try await fill(backup, "new", count: 40)
    try await fill(path, "old", count: 100)
    try await inflict(damage, on: path)
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let report = try await DurableStore.restore(from: backup, to: path)
    #expect(report.path == path)
    #expect(report.episodeCount == 40)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect((mode as? NSNumber)?.intValue == 0o600)
    let store = try await DurableStore.open(path: path)
    #expect(try await store.count(matching: EpisodeFilter()) == 40)
    #expect(try await store.checkIntegrity() == [])
    store.close()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let aside = try #require(report.setAsidePath)
    #expect(aside.hasPrefix(path + ".damaged-"))
    // One that opens has been taken out of write-ahead mode, which its first page tells.
    let kept = try Data(contentsOf: URL(fileURLWithPath: aside))
    let isOpened = damage == .damagedPages || damage == .damagedRows
    #expect(kept.dropFirst(isOpened ? 100 : 0) == before.dropFirst(isOpened ? 100 : 0))
    let prefix = URL(fileURLWithPath: aside).lastPathComponent
    #expect(names.allSatisfy { $0 == "store.db" || $0.hasPrefix(prefix) }, "\(names)")
  }

  @Test("The log and journal of a damaged store are kept with it, and two of one second apart")
  func companions() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("store.db")
    let backups = try TemporaryFolder()
    let backup = backups.file("backup.db")
    try await fill(backup, "new", count: 3)
    var asides: Set<String> = []
    for round in 0..<3 {
      for suffix in ["", "-wal", "-shm", "-journal"] {
        try "words \(round)\(suffix)".write(
          toFile: path + suffix, atomically: false, encoding: .utf8)
      }
      let aside = try #require(
        try await DurableStore.restore(from: backup, to: path).setAsidePath)
      asides.insert(aside)
      for suffix in ["", "-wal", "-journal"] {
        #expect(
          try String(contentsOfFile: aside + suffix, encoding: .utf8) == "words \(round)\(suffix)")
      }
      let store = try await DurableStore.open(path: path)
      #expect(try await store.count(matching: EpisodeFilter()) == 3)
      store.close()
    }
    #expect(asides.count == 3)
  }

  @Test("A damaged store that is open is not replaced")
  func inUse() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("store.db")
    try await fill(folder.file("backup.db"), "new", count: 3)
    let store = try await DurableStore.open(path: path)
    try await store.insert([NewEpisode(Samples.episode("old"))])
    _ = try await store.count(matching: EpisodeFilter())
    #expect(throws: DurableStoreError.inUse(path: path)) {
      try DamagedStore(path: path).replace(by: folder.file("backup.db"))
    }
    #expect(try await store.episode(id: "old") != nil)
    store.close()
    #expect(FileManager.default.fileExists(atPath: folder.file("backup.db")))
  }

  @Test("A backup that is refused leaves a damaged store where it is")
  func refusedBackup() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("store.db")
    try "words".write(toFile: path, atomically: false, encoding: .utf8)
    let backup = folder.file("backup.db")
    try "no backup".write(toFile: backup, atomically: false, encoding: .utf8)
    let error = await #expect(throws: DurableStoreError.self) {
      try await DurableStore.restore(from: backup, to: path)
    }
    guard case .damagedBackup(backup, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "words")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["backup.db", "store.db"])
  }
}

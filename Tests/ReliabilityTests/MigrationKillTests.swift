import Foundation
import TestSupport
import Testing

@Suite("A migration that is killed", .serialized)
struct MigrationKillTests {
  private struct Status: Decodable {
    var schemaVersion: Int
  }

  /// The frozen file of a version, which the tests of the durable store read too.
  private static func fixture(_ version: Int) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("DurableStoreTests/Fixtures/version\(version).sqlite").path
  }

  private static func columns(_ table: String, _ home: ReliabilityHome) throws -> [String] {
    try home.sqlite("SELECT name FROM pragma_table_info('\(table)')")
      .split(separator: "\n").map(String.init)
  }

  /// Copies rows of one episode for others, with some columns changed.
  private static func copying(
    _ table: String, _ changes: [String: String], where condition: String, _ home: ReliabilityHome
  ) throws -> String {
    let columns = try columns(table, home).filter { changes[$0] != "" }
    let values = columns.map { changes[$0] ?? "s.\($0)" }
    return """
      INSERT INTO \(table) (\(columns.joined(separator: ", ")))
      SELECT \(values.joined(separator: ", ")) FROM \(table) AS s \(condition);
      """
  }

  /// A file of an earlier version with many copies of the episode in its fixture, made with the plain tool:
  /// triggers of that version bring its indexes up to date.
  private static func grow(_ home: ReliabilityHome, to count: Int) throws {
    let copies = """
      , (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
      SELECT i FROM n) AS n
      """
    let other = "JOIN episodes AS e ON e.id LIKE 'copy-%'"
    let output = try home.sqlite(
      """
      PRAGMA foreign_keys = ON; BEGIN;
      \(try copying(
        "episodes", ["rowid": "", "id": "'copy-' || n.i", "step_count": "0", "revision": "0"],
        where: copies + " WHERE s.id = 'full'", home))
      \(try copying(
        "steps", ["episode": "e.rowid"],
        where: other + " WHERE s.episode = (SELECT rowid FROM episodes WHERE id = 'full') "
          + "ORDER BY e.rowid, s.number", home))
      \(try copying(
        "embeddings", ["id": "", "owner_id": "e.id", "episode": "e.rowid"],
        where: other + " WHERE s.owner_kind = 'episode' AND s.owner_id = 'full'", home))
      COMMIT;
      """)
    #expect(output == "")
  }

  /// A file of a version, or none, beside which the rounds make theirs.
  private func template(version: Int, count: Int) throws -> ReliabilityHome {
    let home = try ReliabilityHome()
    try home.makeFolder()
    if version > 0 {
      try FileManager.default.copyItem(atPath: Self.fixture(version), toPath: home.databasePath)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: home.databasePath)
      try Self.grow(home, to: count)
      #expect(try home.integrity() == "ok\n")
    }
    return home
  }

  @Test("After a kill a file of any earlier version opens with all that it held, and is migrated")
  func kills() async throws {
    let rounds = Workload.isSlow ? 20 : 4
    let count = Workload.isSlow ? 4000 : 400
    print("seed \(Workload.seed): ENGRAM_RELIABILITY_SEED repeats the choices, not the timing")
    var random = SeededGenerator(seed: Workload.seed)
    let fresh = try ReliabilityHome()
    try await fresh.succeed("init")
    let newest = try await Self.version(fresh)
    var hitCount = 0
    var versionsFound: [String: Int] = [:]
    // Version 0 is a file that is about to be made. That of the newest needs no migration: there it is the
    // opening that is killed.
    for version in 0...newest {
      let template = try template(version: version, count: count)
      let ids =
        version == 0 ? [] : Set((1...count).map { "copy-\($0)" } + ["full", "plain", "other"])
      var moments = Killing.Moments(seconds: version == 0 ? 0.3 : 1)
      for round in 0..<rounds {
        let home = try ReliabilityHome()
        try home.makeFolder()
        if version > 0 {
          try FileManager.default.copyItem(
            atPath: template.databasePath, toPath: home.databasePath)
        }
        let began = Date()
        let opening = try home.start("init")
        // Every other kill comes soon after the file has been opened for writing.
        let isEarly = round % 2 == 1
        let moment =
          isEarly ? Double.random(in: 0...0.1, using: &random) : moments.next(using: &random)
        let log = home.databasePath + "-wal"
        let isOpen: @Sendable () -> Bool = { access(log, F_OK) == 0 }
        let wasRunning = await Killing.kill(
          [opening], after: moment, since: isEarly ? isOpen : nil)
        _ = try await opening.wait(secondsMax: 300)
        if !isEarly {
          moments.ended(after: Date().timeIntervalSince(began), wasKilled: wasRunning)
        }
        if wasRunning { hitCount += 1 }
        if wasRunning, version > 0 {
          versionsFound[try Self.versionLeft(in: home), default: 0] += 1
        }
        let hint: Comment = "version \(version), round \(round)"
        try await home.succeed("init")
        try await home.succeed("store", "check")
        #expect(try await Self.version(home) == newest, hint)
        #expect(try await home.storedIDs() == ids, hint)
        #expect(try home.integrity() == "ok\n", hint)
        try await home.succeed("import", "jsonl", "-", input: Workload.lines(["after"]))
        try await home.expectSound()
      }
    }
    let tries = rounds * (newest + 1)
    print("\(hitCount) of \(tries) kills came while the file was opened, versions 0 to \(newest)")
    let found = versionsFound.keys.sorted().map { "\(versionsFound[$0] ?? 0) of version \($0)" }
    print("files that the kills left: \(found.joined(separator: ", "))")
    #expect(hitCount >= tries / 5)
  }

  /// The version of a file that nobody has opened since the kill; of a copy, so that nobody has.
  private static func versionLeft(in home: ReliabilityHome) throws -> String {
    let copy = try ReliabilityHome()
    try copy.makeFolder()
    for suffix in ["", "-wal"] where access(home.databasePath + suffix, F_OK) == 0 {
      try FileManager.default.copyItem(
        atPath: home.databasePath + suffix, toPath: copy.databasePath + suffix)
    }
    return try copy.sqlite("SELECT max(version) FROM schema_migrations")
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func version(_ home: ReliabilityHome) async throws -> Int {
    let status = try await home.succeed("store", "status", "--format", "json")
    return try JSONDecoder().decode(Status.self, from: Data(status.output.utf8)).schemaVersion
  }
}

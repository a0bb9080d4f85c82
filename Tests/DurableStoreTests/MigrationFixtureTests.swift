import Episodes
import Foundation
import Testing

@testable import DurableStore

/// `Fixtures/version<N>.sqlite` is a file as a release with schema version N wrote it, and never
/// changes. When a version is added, its file is made by
/// `ENGRAM_FREEZE_FIXTURE=/folder swift test --filter MigrationFixtureTests`.
@Suite("Files of earlier versions")
struct MigrationFixtureTests {
  private static let freezeFolder = ProcessInfo.processInfo.environment["ENGRAM_FREEZE_FIXTURE"]

  @Test("Every version has a fixture")
  func complete() throws {
    for migration in Migration.all {
      #expect(Self.fixture(migration.version) != nil, "version \(migration.version)")
    }
  }

  @Test(
    "A file of an earlier version is brought up to date with all it holds",
    arguments: Migration.all.map(\.version))
  func migrated(version: Int) async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("store.db")
    try FileManager.default.copyItem(at: #require(Self.fixture(version)), to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    #expect(
      try SQLiteFile.inspect(path: path, busyTimeoutSeconds: 1) == .version(version))
    let store = try await DurableStore.open(path: path)
    #expect(store.schemaVersion == Migration.all.last?.version)
    for episode in FrozenRecords.episodes {
      #expect(try await store.episode(id: episode.id) == episode)
    }
    #expect(
      try await store.embeddings(ofEpisode: "full").map(\.embedding) == [FrozenRecords.embedding])
    #expect(try await store.pattern(id: "pattern") == FrozenRecords.pattern)
    #expect(try await store.heuristic(id: "heuristic") == FrozenRecords.heuristic)
    #expect(try await store.relationship(id: "relationship") == FrozenRecords.relationship)
    #expect(try await store.checkIntegrity() == [])
    // The indexes work as those of a new file do.
    for filter in [
      EpisodeFilter(tagsAll: FrozenRecords.episodes[0].tags), EpisodeFilter(language: "swift"),
      EpisodeFilter(
        place: .near(
          center: Location(latitude: 48.85, longitude: 2.35), radiusMeters: 5000)),
      EpisodeFilter(metadata: .equals(key: "owner", value: "it's me")),
    ] {
      #expect(try await store.episodes(matching: filter, limit: 5).episodes.map(\.id) == ["full"])
    }
    // Of indexes that are no more nothing is left.
    let rest = try await store.read(
      """
      SELECT name FROM sqlite_schema
      WHERE name LIKE 'episode\\_text%' ESCAPE '\\' OR name LIKE 'episode\\_space%' ESCAPE '\\'
        OR name = 'episode_documents' OR sql LIKE '%episode\\_text%' ESCAPE '\\'
        OR sql LIKE '%episode\\_space%' ESCAPE '\\'
      """)
    #expect(rest.rows.isEmpty)
    // And the log goes on where it was.
    let last = try await store.lastChangeSequence()
    #expect(last > 0)
    try await store.insert([NewEpisode(Samples.episode("new"))])
    #expect(try await store.changes(after: last, limit: 5).map(\.recordID) == ["new"])
    store.close()
  }

  @Test("Freezes a file of the present version", .enabled(if: freezeFolder != nil))
  func freeze() async throws {
    let folder = try #require(Self.freezeFolder)
    try await withStore { store, _ in
      try await FrozenRecords.store(in: store)
      _ = try await store.vacuum()
      let report = try await store.backUp(to: "\(folder)/version\(store.schemaVersion).sqlite")
      print(report)
    }
  }

  private static func fixture(_ version: Int) -> URL? {
    Bundle.module.url(
      forResource: "version\(version)", withExtension: "sqlite", subdirectory: "Fixtures")
  }
}

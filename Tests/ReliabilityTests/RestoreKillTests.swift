import Foundation
import TestSupport
import Testing

@Suite("A restore that is killed", .serialized)
struct RestoreKillTests {
  /// Commands of which one is the first to see what the kill has left.
  private static let firstCommands = [
    ["store", "check"], ["store", "status"], ["episode", "list"], ["sync", "validate"],
    ["search", Workload.words[1]], ["export", "-"], ["stats"], ["store", "vacuum"],
    ["index", "status"], ["episode", "start", "A task that begins"],
  ]

  /// Whether pages of the store are overwritten, and the old ones in a journal that is complete.
  private static func isHalfReplaced(_ database: String) -> Bool {
    guard let journal = FileHandle(forReadingAtPath: database + "-journal") else { return false }
    defer { try? journal.close() }
    // SQLite writes these bytes when the old pages are on the disk.
    return (try? journal.read(upToCount: 8)) == Data([217, 213, 5, 249, 32, 161, 99, 215])
  }

  @Test("The store is the old one or the new one, and every command opens it")
  func kills() async throws {
    let rounds = Workload.isSlow ? 100 : 12
    print("seed \(Workload.seed): ENGRAM_RELIABILITY_SEED repeats the choices, not the timing")
    var random = SeededGenerator(seed: Workload.seed)
    let home = try ReliabilityHome()
    let names = (0..<2).map {
      FileManager.default.temporaryDirectory.path + "/" + home.name + "-backup\($0)"
    }
    defer { for name in names { try? FileManager.default.removeItem(atPath: name) } }
    // Two backups that share no episode, and no page.
    let contents = ["old", "new"].map { word in
      Set((0..<(Workload.isSlow ? 1500 : 400)).map { "\(word)-\($0)" })
    }
    for (name, ids) in zip(names, contents) {
      try await home.succeed("import", "jsonl", "-", input: Workload.lines(ids.sorted()))
      try await home.succeed("store", "backup", name)
      try FileManager.default.removeItem(atPath: home.path)
    }
    try await home.succeed("store", "restore", names[0])
    var present = 0
    var moments = Killing.Moments(seconds: 0.5)
    var (hitCount, replacedCount, halfCount) = (0, 0, 0)
    var round = 0
    while Killing.isDue(round: round, of: rounds, hits: halfCount, wanted: 1)
      || Killing.isDue(round: round, of: rounds, hits: hitCount, wanted: rounds / 5)
    {
      defer { round += 1 }
      let wanted = 1 - present
      let began = Date()
      let restore = try home.start("store", "restore", names[wanted])
      // Most of a restore is the check of the backup: every other kill waits for the moments in which
      // the store itself is half the old and half the new one.
      let database = home.databasePath
      let wasRunning =
        round % 2 == 0
        ? await Killing.kill([restore], after: moments.next(using: &random))
        : await Killing.kill(
          [restore], after: random.pick([0, 0, 0.001, 0.003]),
          since: { Self.isHalfReplaced(database) })
      let run = try #require(try await restore.wait(secondsMax: 300))
      if round % 2 == 0 {
        moments.ended(after: Date().timeIntervalSince(began), wasKilled: wasRunning)
      }
      if wasRunning { hitCount += 1 }
      if Self.isHalfReplaced(database) { halfCount += 1 }
      #expect(run.status == 0 || run.status == 128 + 9, "\(run.errors)")
      let first = random.pick(Self.firstCommands)
      let hint: Comment =
        "seed \(Workload.seed), round \(round), then \(first.joined(separator: " "))"
      let opened = try #require(
        try await EngramProgram.start(first + ["--home", home.path]).wait(secondsMax: 300), hint)
      #expect(opened.status == 0, "\(hint): \(opened.errors)")
      #expect(access(home.databasePath + ".restoring", F_OK) != 0, hint)
      try await home.succeed("store", "check")
      // Of the first commands one has added an episode.
      let stored = try await home.storedIDs().filter { $0.contains("old-") || $0.contains("new-") }
      #expect(stored == contents[present] || stored == contents[wanted], hint)
      if run.status == 0 { #expect(stored == contents[wanted], hint) }
      if stored == contents[wanted] {
        replacedCount += 1
        present = wanted
      }
      try await home.expectSound()
      #expect(try home.integrity() == "ok\n", hint)
    }
    print(
      "\(hitCount) of \(round) kills came while the restore was at work, \(halfCount) while the store "
        + "was changed; \(replacedCount) restores were complete")
    #expect(hitCount >= rounds / 5)
    #expect(halfCount > 0)
  }
}

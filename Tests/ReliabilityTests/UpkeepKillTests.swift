import Foundation
import TestSupport
import Testing

@Suite("Upkeep that is killed", .serialized)
struct UpkeepKillTests {
  private static let count = Workload.isSlow ? 6000 : 2500

  private func line(_ id: String, namespace: String) -> String {
    """
    {"id": "\(id)", "namespace": "\(namespace)", "taskDescription": "\(Workload.words[0])", \
    "startTime": "2026-03-02T09:14:05Z", "metadata": {"id": "\(id)"}, "tags": ["old"]}

    """
  }

  /// Runs a command again and again, killed at random moments, until it ends by itself.
  ///
  /// - Returns: how often it was killed at work.
  private func runKilled(
    _ command: [String], on home: ReliabilityHome, afterEach check: () async throws -> Void
  ) async throws -> Int {
    print("seed \(Workload.seed): ENGRAM_RELIABILITY_SEED repeats the choices, not the timing")
    var random = SeededGenerator(seed: Workload.seed)
    var kills = 0
    for _ in 0..<(Workload.isSlow ? 40 : 6) {
      let working = try EngramProgram.start(command + ["--home", home.path])
      let seconds = 0.02 + 0.4 * Double(random.below(1000)) / 1000
      let wasRunning = await Killing.kill([working], after: seconds)
      _ = try await working.wait(secondsMax: 300)
      if wasRunning { kills += 1 }
      try await check()
      if !wasRunning { break }
    }
    _ = try await EngramProgram.start(command + ["--home", home.path]).wait(secondsMax: 120)
    return kills
  }

  @Test("Forgetting killed at any moment and run again has forgotten all of it, and nothing else")
  func forgetting() async throws {
    let home = try ReliabilityHome()
    let gone = (0..<Self.count).map { "gone-\($0)" }
    let kept = (0..<50).map { "kept-\($0)" }
    let lines =
      gone.map { line($0, namespace: "gone") }.joined()
      + kept.map { line($0, namespace: "kept") }.joined()
    try await home.succeed("import", "jsonl", "-", input: lines)
    let kills = try await runKilled(["forget", "--namespace", "gone"], on: home) {
      try await home.succeed("sync", "validate")
      #expect(
        try home.sqlite("SELECT count(*) FROM forgotten WHERE id IN (SELECT id FROM episodes)")
          == "0\n")
      // Each is stored or forgotten. Beside the forgotten ids there are codes of their contents.
      #expect(
        try home.sqlite(
          """
          SELECT (SELECT count(*) FROM forgotten WHERE id NOT LIKE 'content %')
            + (SELECT count(*) FROM episodes)
          """)
          == "\(Self.count + kept.count)\n")
    }
    print("\(kills) kills came while forgetting was at work")
    #expect(try await home.storedIDs() == Set(kept))
    try await home.succeed("import", "jsonl", "-", input: lines)
    #expect(try await home.storedIDs() == Set(kept))
    try await home.succeed("store", "check")
    try await home.expectSound()
  }

  @Test("A tag whose renaming is killed has its new name everywhere once it is run again")
  func renaming() async throws {
    let home = try ReliabilityHome()
    let lines = (0..<Self.count).map { line("e\($0)", namespace: "default") }.joined()
    try await home.succeed("import", "jsonl", "-", input: lines)
    let kills = try await runKilled(["tag", "rename", "old", "new"], on: home) {
      try await home.succeed("sync", "validate")
      #expect(try home.sqlite("SELECT count(*) FROM tags") == "\(Self.count)\n")
    }
    print("\(kills) kills came while renaming was at work")
    #expect(
      try home.sqlite("SELECT name, count(*) FROM tags GROUP BY 1") == "new|\(Self.count)\n")
    try await home.succeed("store", "check")
    try await home.expectSound()
  }
}

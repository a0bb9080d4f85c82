import Foundation
import TestSupport
import Testing

@Suite("Maintenance that is killed", .serialized)
struct MaintenanceKillTests {
  @Test(
    "What others write meanwhile is there, the index answers, and nobody waits for the dead",
    arguments: [["index", "rebuild"], ["store", "vacuum"]])
  func kills(command: [String]) async throws {
    let rounds = Workload.isSlow ? 40 : 5
    print("seed \(Workload.seed): ENGRAM_RELIABILITY_SEED repeats the choices, not the timing")
    var random = SeededGenerator(seed: Workload.seed)
    let home = try ReliabilityHome()
    let base = (0..<(Workload.isSlow ? 1500 : 200)).map { "base-\($0)" }
    try await home.succeed("import", "jsonl", "-", input: Workload.lines(base))
    try await home.succeed("index", "build")
    var stored = Set(base)
    let start = Date()
    _ = try await EngramProgram.start(command + ["--home", home.path]).wait(secondsMax: 300)
    var moments = Killing.Moments(seconds: Date().timeIntervalSince(start))
    var hitCount = 0
    var round = 0
    while Killing.isDue(round: round, of: rounds, hits: hitCount, wanted: rounds / 5) {
      defer { round += 1 }
      // Something to index, and pages to give back.
      let victim = stored.sorted()[random.below(stored.count)]
      try await home.succeed("episode", "delete", victim)
      stored.remove(victim)
      let ids = (0..<30).map { "r\(round)-\($0)" }
      let writer = try home.start(
        "import", "jsonl", "-", "--batch", "1", "--acknowledge", input: Workload.lines(ids))
      let began = Date()
      let working = try EngramProgram.start(command + ["--home", home.path])
      let wasRunning = await Killing.kill([working], after: moments.next(using: &random))
      let ended = try #require(try await working.wait(secondsMax: 300))
      moments.ended(after: Date().timeIntervalSince(began), wasKilled: wasRunning)
      if wasRunning { hitCount += 1 }
      // A vacuum may find the file locked by the one that writes.
      if command[0] == "index" {
        #expect(ended.status == 0 || ended.status == 128 + 9, "\(ended.errors)")
      }
      let hint: Comment = "\(command.joined(separator: " ")), round \(round)"
      let written = try #require(
        try await writer.wait(secondsMax: 300), "the writer did not end, round \(round)")
      #expect(written.status == 0, "\(hint): \(written.errors)")
      stored.formUnion(ids)
      try await home.expectSound()
      #expect(try await home.storedIDs() == stored, hint)
      let status = try await home.succeed("index", "status").output
      #expect(status.contains("segment "), "\(hint): \(status)")
    }
    print("\(hitCount) of \(round) kills came while \(command.joined(separator: " ")) was at work")
    #expect(hitCount >= rounds / 5)
    try await home.succeed("index", "rebuild")
    try await home.succeed("index", "verify")
    try await home.succeed("store", "vacuum")
    try await home.succeed("store", "check")
    #expect(try home.integrity() == "ok\n")
    // One segment and a summary: what was left of rebuilds that were cut off is gone.
    #expect(try await home.succeed("index", "status").output.split(separator: "\n").count == 2)
    #expect(try home.sqlite("SELECT count(*) FROM index_segments") == "1\n")
    #expect(try home.sqlite("SELECT count(*) FROM store_properties") == "1\n")
  }

  @Test(
    "A build of the index that is interrupted leaves nothing of the new one, and the old one whole")
  func interrupted() async throws {
    let home = try ReliabilityHome()
    try await home.succeed(
      "import", "jsonl", "-", input: Workload.lines((0..<300).map { "base-\($0)" }))
    try await home.succeed("index", "build")
    let segments = "SELECT group_concat(id) FROM index_segments"
    var before = try home.sqlite(segments)
    let start = Date()
    let whole = try await EngramProgram.start(["index", "rebuild", "--home", home.path])
      .wait(secondsMax: 300)
    #expect(try #require(whole).status == 0)
    let seconds = Date().timeIntervalSince(start)
    #expect(try home.sqlite(segments) != before)
    before = try home.sqlite(segments)
    var interruptedCount = 0
    for round in 1...10 {
      let working = try EngramProgram.start(["index", "rebuild", "--home", home.path])
      try await Task.sleep(for: .seconds(seconds * Double(round) / 11))
      working.interrupt()
      let ended = try #require(try await working.wait(secondsMax: 300))
      #expect(ended.status == 0 || ended.status == 128 + SIGINT, "\(ended.errors)")
      let after = try home.sqlite(segments)
      if ended.status != 0 {
        interruptedCount += 1
        #expect(after == before, "round \(round): \(ended.errors)")
      }
      before = after
    }
    print("\(interruptedCount) of 10 builds were interrupted at work")
    #expect(interruptedCount > 0)
    try await home.succeed("index", "verify")
    try await home.expectSound()
  }
}

import Foundation
import TestSupport
import Testing

@Suite("Processes that are killed", .serialized)
struct KillTests {
  /// What is under way when the kill comes.
  private enum Work: CaseIterable {
    /// Lines are imported, in transactions of a random size; beyond the bound of the cache episodes are
    /// evicted.
    case importing
    /// An episode is deleted.
    case deleting
    /// A cache that was deleted is filled.
    case filling
    /// The index is built and published.
    case building
    /// Lines are imported while the index is built; both processes are killed.
    case importingAndBuilding
  }

  /// What must be there, and what may be.
  private struct Expectation {
    var acknowledged = Set<String>()
    /// Written, but the kill may have come first.
    var possible = Set<String>()
  }

  @Test("Whatever a process was doing when it was killed, what it acknowledged is there")
  func kills() async throws {
    let rounds = Workload.isSlow ? 100 : 5
    print("seed \(Workload.seed): ENGRAM_RELIABILITY_SEED repeats the choices, not the timing")
    var random = SeededGenerator(seed: Workload.seed)
    let home = try ReliabilityHome()
    // More than the cache keeps, so that writes evict.
    let base = (0..<(Workload.isSlow ? 1100 : 60)).map { "base-\($0)" }
    try await home.succeed("import", "jsonl", "-", input: Workload.lines(base))
    var expectation = Expectation(acknowledged: Set(base))
    var milliseconds: [Int: Double] = [:]
    let share = Workload.isSlow ? 1.1 : 0.6
    var hitCount = 0
    var round = 0
    while Killing.isDue(round: round, of: rounds, hits: hitCount, wanted: rounds / 5) {
      defer { round += 1 }
      let workIndex = Workload.isSlow ? Int.random(in: 0..<5, using: &random) : round % 5
      let work = Work.allCases[workIndex]
      let before = expectation.acknowledged.sorted()
      let victim = before[Int.random(in: 0..<before.count, using: &random)]
      let began = Date()
      let running = try start(work, round: round, victim: victim, home: home, random: &random)
      // Up to somewhat longer than it takes to its end; of few rounds most should come before it.
      let moment = Double.random(in: 0...(milliseconds[workIndex] ?? 400) * share, using: &random)
      let wasRunning = await Killing.kill(running.map(\.process), after: moment / 1000)
      if wasRunning { hitCount += 1 }
      for one in running {
        let run = try #require(try await one.process.wait(secondsMax: 300))
        note(run, of: one, into: &expectation)
      }
      let took = Date().timeIntervalSince(began) * 1000
      milliseconds[workIndex] =
        wasRunning
        ? max(milliseconds[workIndex] ?? 400, took) * 1.1
        : min(took, milliseconds[workIndex] ?? took)
      try await check(expectation, home: home, round: round, work: "\(work)")
    }
    print("\(hitCount) of \(round) kills came while the process was at work")
    #expect(hitCount >= rounds / 5)
    try await home.succeed("index", "build")
    try await home.succeed("index", "verify")
    try await home.expectSound()
    #expect(try home.integrity() == "ok\n")
    // What was left of publications that were cut off is gone.
    #expect(try await home.succeed("index", "status").output.split(separator: "\n").count == 2)
  }

  private struct Running: Sendable {
    var process: EngramProgram.Started
    var writes: [String] = []
    var deletes: String?
  }

  private func start(
    _ work: Work, round: Int, victim: String, home: ReliabilityHome,
    random: inout SeededGenerator
  ) throws -> [Running] {
    func importing() throws -> Running {
      let ids = (0..<(Workload.isSlow ? 120 : 40)).map { "r\(round)-\($0)" }
      let batch = [1, 3, 16, 64][Int.random(in: 0..<4, using: &random)]
      return Running(
        process: try home.start(
          "import", "jsonl", "-", "--batch", "\(batch)", "--acknowledge",
          input: Workload.lines(ids)),
        writes: ids)
    }
    switch work {
    case .importing: return [try importing()]
    case .deleting:
      return [
        Running(process: try home.start("episode", "delete", victim), deletes: victim)
      ]
    case .filling:
      try FileManager.default.removeItem(atPath: home.path + "/cache")
      return [Running(process: try home.start("sync"))]
    case .building: return [Running(process: try home.start("index", "build"))]
    case .importingAndBuilding:
      return [try importing(), Running(process: try home.start("index", "build"))]
    }
  }

  private func note(
    _ run: EngramProgram.Run, of one: Running, into expectation: inout Expectation
  ) {
    #expect(run.status == 0 || run.status == 128 + 9, "\(one.process.arguments): \(run.errors)")
    let written = Set(one.writes)
    // With status 0 the last line is the summary.
    expectation.acknowledged.formUnion(run.lines.filter(written.contains))
    expectation.possible.formUnion(written)
    if let id = one.deletes {
      expectation.acknowledged.remove(id)
      if run.status == 0 {
        expectation.possible.remove(id)
      } else {
        expectation.possible.insert(id)
      }
    }
  }

  private func check(
    _ expectation: Expectation, home: ReliabilityHome, round: Int, work: String
  ) async throws {
    try await home.expectSound()
    let stored = try await home.storedIDs()
    let lost = expectation.acknowledged.subtracting(stored)
    #expect(
      lost.isEmpty, "round \(round), \(work): \(lost.count) lost, such as \(lost.first ?? "")")
    let unknown = stored.subtracting(expectation.acknowledged).subtracting(expectation.possible)
    #expect(
      unknown.isEmpty,
      "round \(round), \(work): \(unknown.count) came back, such as \(unknown.first ?? "")")
  }
}

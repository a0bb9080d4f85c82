import Foundation
import TestSupport
import Testing

/// A primary that serves its store to others, and nodes that write to it, each a process; any of them is killed while
/// they write.
@Suite("Nodes that are killed", .serialized)
struct NodeKillTests {
  private static let added = 60

  /// Which processes a round kills.
  private enum Victim: CaseIterable { case primary, node, bothNodes, all }

  /// Starts a primary, and waits until it takes requests.
  ///
  /// - Parameter port: 0 for any that is free.
  /// - Returns: the process and its port.
  private static func startPrimary(
    _ home: ReliabilityHome, port: Int
  ) async throws -> (process: EngramProgram.Started, port: Int) {
    let end = Date(timeIntervalSinceNow: 120)
    while true {
      let process = try home.start("serve", "--hrana", "--port", "\(port)")
      while process.isRunning, Date() < end {
        let line = try process.errorsSoFar().split(separator: "\n").first {
          $0.hasPrefix("serving ") && $0.contains("http://127.0.0.1:")
        }
        if let line, let found = line.split(separator: ":").last.flatMap({ Int($0) }) {
          return (process, found)
        }
        try await Task.sleep(for: .milliseconds(20))
      }
      process.kill()
      let ended = try await process.wait(secondsMax: 60)
      // The port may not be free again at once.
      try #require(Date() < end, "the primary does not start: \(ended?.errors ?? "")")
    }
  }

  private static func start(
    _ node: ReliabilityHome, of port: Int, _ arguments: String..., input: String = ""
  ) throws -> EngramProgram.Started {
    try EngramProgram.start(
      arguments + ["--home", node.path],
      environment: ["ENGRAM_DATABASE_URL": "http://127.0.0.1:\(port)"], input: input)
  }

  private static func write(
    _ ids: [String], from node: ReliabilityHome, to port: Int
  ) throws -> EngramProgram.Started {
    try start(
      node, of: port, "import", "jsonl", "-", "--batch", "1", "--acknowledge",
      input: Workload.lines(ids))
  }

  /// That each episode is there once, with its one step and its one vector.
  private static func expectOnce(
    _ primary: ReliabilityHome, count: Int, _ hint: Comment
  ) throws {
    let counts = try primary.sqlite(
      """
      SELECT (SELECT count(*) FROM episodes), (SELECT count(DISTINCT id) FROM episodes),
        (SELECT count(*) FROM steps),
        (SELECT count(*) FROM embeddings WHERE owner_kind = 'episode')
      """)
    #expect(counts == "\(count)|\(count)|\(count)|\(count)\n", hint)
    #expect(try primary.integrity() == "ok\n", hint)
  }

  @Test(
    "What was acknowledged to a node is there once, whichever process is killed while they write",
    .enabled(if: Workload.isSlow))
  func kills() async throws {
    print("seed \(Workload.seed): ENGRAM_RELIABILITY_SEED repeats the choices, not the timing")
    var random = SeededGenerator(seed: Workload.seed)
    let (home, nodes) = (try ReliabilityHome(), [try ReliabilityHome(), try ReliabilityHome()])
    try await home.succeed("init")
    var (primary, port) = try await Self.startPrimary(home, port: 0)
    defer { primary.kill() }
    var stored: Set<String> = []
    var hits: [String: Int] = [:]
    let rounds = 12
    var round = 0
    while Killing.isDue(
      round: round, of: rounds, hits: hits.values.reduce(0, +), wanted: rounds / 2)
    {
      defer { round += 1 }
      let victim = Victim.allCases[round % Victim.allCases.count]
      let hint: Comment = "seed \(Workload.seed), round \(round), \(victim)"
      let ids = nodes.indices.map { node in (0..<Self.added).map { "r\(round)-n\(node)-\($0)" } }
      let writers = try zip(nodes, ids).map { try Self.write($1, from: $0, to: port) }
      let killed =
        switch victim {
        case .primary: [primary]
        case .node: [writers[0]]
        case .bothNodes: writers
        case .all: writers + [primary]
        }
      let moment = Double.random(in: 0.2...5, using: &random)
      _ = await Killing.kill(killed, after: moment)
      var (acknowledged, isHit): (Set<String>, Bool) = ([], false)
      for (writer, ids) in zip(writers, ids) {
        let run = try #require(try await writer.wait(secondsMax: 300), hint)
        let told = Set(run.lines).intersection(ids)
        acknowledged.formUnion(told)
        isHit = isHit || !told.isEmpty && told.count < ids.count
      }
      if isHit { hits["\(victim)", default: 0] += 1 }
      if !primary.isRunning { (primary, port) = try await Self.startPrimary(home, port: port) }
      let present = try await home.storedIDs()
      #expect(stored.union(acknowledged).isSubset(of: present), hint)
      #expect(present.isSubset(of: stored.union(ids.joined())), hint)
      try Self.expectOnce(home, count: present.count, hint)
      // Told again, by the other node, all is there, and nothing twice.
      for (node, ids) in zip(nodes.reversed(), ids) {
        let again = try Self.write(ids, from: node, to: port)
        let run = try #require(try await again.wait(secondsMax: 300), hint)
        #expect(run.status == 0, "\(hint): \(run.errors)")
      }
      stored.formUnion(ids.joined())
      #expect(try await home.storedIDs() == stored, hint)
      try Self.expectOnce(home, count: stored.count, hint)
    }
    print(
      "of \(round) rounds these were hit while a node wrote: \(hits.sorted { $0.key < $1.key })")
    for node in nodes {
      let validated = try Self.start(node, of: port, "sync", "validate")
      let run = try #require(try await validated.wait(secondsMax: 300))
      #expect(run.status == 0, "\(run.output)\(run.errors)")
    }
    primary.interrupt()
    let ended = try #require(try await primary.wait(secondsMax: 60))
    #expect(ended.status == 0, "\(ended.errors)")
    try await home.expectSound()
    try await home.succeed("store", "check")
  }
}

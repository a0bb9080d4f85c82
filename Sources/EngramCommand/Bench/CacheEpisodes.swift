internal import Episodes

/// Episodes drawn from a seed, the same on every machine.
struct CacheEpisodes {
  private static let words = """
    the of to and in for on with a was is after before from when by token cache login upload build test \
    deploy index query parser schema timeout retry queue worker session refund invoice customer payment \
    report export import migration latency packet router kernel driver socket proxy config flag branch \
    commit review failing passed raised lowered added removed renamed found fixed checked measured slow \
    fast twice once null missing stale corrupt duplicate expired pending running stopped started logs \
    trace metric alert dashboard cluster node pod container image volume disk memory thread lock crash
    """.split(separator: " ")
  private static let tools = ["grep", "edit", "pytest", "kubectl", "sql", "curl", "git", "docker"]

  private var random: RandomStream

  init(seed: UInt64) { random = RandomStream(seed: seed) }

  /// An episode with the given number of steps, about 900 bytes with 5.
  mutating func episode(id: String, stepCount: Int) -> Episode {
    let start = Int64(1_770_000_000_000 + random.nextIndex(below: 1_000_000_000)) * 1_000_000
    let steps = (0..<stepCount).map { number in
      ExecutionStep(
        number: number + 1,
        timestamp: Timestamp(nanosecondsSince1970: start + Int64(number + 1) * 4_000_000_000),
        tool: Self.tools[random.nextIndex(below: Self.tools.count)], action: text(6),
        parameters: .object(["path": .string(text(2))]), result: .success(output: text(9)),
        latency: Double(random.nextIndex(below: 100)) / 10)
    }
    return Episode(
      id: id, sessionID: "s-\(random.nextIndex(below: 50))", taskType: .debugging,
      taskDescription: text(20), context: TaskContext(domain: "web", language: "swift"),
      startTime: Timestamp(nanosecondsSince1970: start),
      endTime: Timestamp(nanosecondsSince1970: start + 60_000_000_000), steps: steps,
      outcome: .success(verdict: text(8), artifacts: []),
      tags: ["auth", "slow"].compactMap { try? Tag($0) })
  }

  private mutating func text(_ count: Int) -> String {
    (0..<count).map { _ in Self.words[random.nextIndex(below: Self.words.count)] }
      .joined(separator: " ")
  }
}

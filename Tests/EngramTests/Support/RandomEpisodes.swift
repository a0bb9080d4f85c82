import Episodes

/// Makes episodes out of a small vocabulary, and filters that meet some of them.
struct RandomEpisodes {
  var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  static let start: Int64 = 1_770_000_000
  private static let words = [
    "login", "cache", "parser", "refund", "invoice", "deploy", "timeout", "index", "search",
    "memory",
    "thread", "lock", "crash", "report", "upload", "image", "token", "session", "retry", "queue",
    "billing", "export", "import", "schema", "migration", "latency", "packet", "router", "font",
    "layout", "button", "colour", "printer", "driver", "kernel", "signal", "socket", "proxy",
  ]
  private static let domains = ["web", "ci", "support", "data"]
  private static let namespaces = ["default", "team-a"]
  private static let tags = ["auth", "flaky", "urgent", "slow"].map { try? Tag($0) }

  mutating func text(words: Int = 6) -> String {
    (0..<words).map { _ in generator.pick(Self.words) }.joined(separator: " ")
  }

  private mutating func time() -> Timestamp {
    Timestamp(
      nanosecondsSince1970: (Self.start + Int64.random(in: 0..<1000, using: &generator))
        * 1_000_000_000)
  }

  mutating func outcome() -> TaskOutcome? {
    switch Int.random(in: 0..<5, using: &generator) {
    case 0: .success(verdict: text(words: 3), artifacts: [])
    case 1: .partialSuccess(verdict: text(words: 3), completed: ["a"], failed: ["b"])
    case 2: .failure(reason: text(words: 3), details: nil)
    case 3: .abstained(reason: text(words: 3), stoppedAtStep: 2, signals: [])
    default: nil
    }
  }

  mutating func episode(_ id: String) -> Episode {
    let start = time()
    let outcome = outcome()
    return Episode(
      id: id, namespace: generator.pick(Self.namespaces),
      agentID: generator.chance(0.5) ? generator.pick(["ann", "ben"]) : nil,
      sessionID: generator.chance(0.5) ? generator.pick(["s1", "s2", "s3"]) : nil,
      taskType: generator.pick(TaskType.allCases), taskDescription: text(),
      context: TaskContext(
        domain: generator.pick(Self.domains), tags: generator.chance(0.5) ? someTags() : []),
      startTime: start, endTime: outcome == nil ? nil : start, outcome: outcome,
      tags: generator.chance(0.5) ? someTags() : [])
  }

  mutating func episodes(_ count: Int, prefix: String = "e") -> [Episode] {
    (0..<count).map { episode("\(prefix)\($0)") }
  }

  /// Episodes of no session: none is embedded again because another changes.
  mutating func unrelatedEpisodes(_ count: Int, prefix: String = "e") -> [Episode] {
    episodes(count, prefix: prefix).map { episode in
      var episode = episode
      episode.sessionID = nil
      return episode
    }
  }

  private mutating func someTags() -> [Tag] {
    Self.tags.compactMap { $0 }.filter { _ in generator.chance(0.4) }
  }

  mutating func filter() -> EpisodeFilter {
    var filter = EpisodeFilter()
    if generator.chance(0.25) { filter.namespace = generator.pick(Self.namespaces) }
    if generator.chance(0.2) { filter.agentID = generator.pick(["ann", "ben", "nobody"]) }
    if generator.chance(0.2) { filter.sessionID = generator.pick(["s1", "s2", "s3"]) }
    if generator.chance(0.3) { filter.domain = generator.pick(Self.domains) }
    if generator.chance(0.2) { filter.taskType = generator.pick(TaskType.allCases) }
    if generator.chance(0.2) { filter.tagsAny = someTags() }
    if generator.chance(0.2) { filter.tagsAll = someTags() }
    if generator.chance(0.2) { filter.outcome = generator.pick(TaskOutcome.Kind.allCases) }
    if generator.chance(0.2) { filter.since = time() }
    if generator.chance(0.2) { filter.until = time() }
    if let since = filter.since, let until = filter.until {
      (filter.since, filter.until) = (min(since, until), max(since, until))
    }
    return filter
  }
}

import Episodes
import Testing

@Suite("Validation of episodes")
struct EpisodeValidationTests {
  private func field(_ change: (inout Episode) -> Void) throws -> String {
    var episode = EpisodeSamples.full
    change(&episode)
    let error = #expect(throws: ValidationError.self) { try episode.validate() }
    let found = try #require(error)
    #expect(found.description == "\(found.field): \(found.problem); expected \(found.expected)")
    return found.field
  }

  @Test("Identifiers that break the rules are named")
  func identifiers() throws {
    #expect(try field { $0.id = "" } == "id")
    #expect(try field { $0.namespace = "a b" } == "namespace")
    #expect(try field { $0.agentID = "a\n" } == "agentID")
    #expect(try field { $0.sessionID = "" } == "sessionID")
    #expect(try field { $0.supersededBy = String(repeating: "x", count: 129) } == "supersededBy")
  }

  @Test("Texts that are empty or too long are named")
  func texts() throws {
    let long = String(repeating: "é", count: 10_001)
    let longest = String(repeating: "é", count: 10_000)
    #expect(try field { $0.taskDescription = " \n\t" } == "taskDescription")
    #expect(try field { $0.taskDescription = long } == "taskDescription")
    #expect(try field { $0.steps[1].action = long } == "steps[1].action")
    #expect(try field { $0.steps[0].result = .success(output: long) } == "steps[0].result")
    #expect(try field { $0.steps[1].result = .error(message: long) } == "steps[1].result")
    #expect(try field { $0.context.domain = "" } == "context.domain")
    var episode = EpisodeSamples.full
    episode.taskDescription = longest
    episode.steps[0].result = .success(output: longest)
    try episode.validate()
  }

  @Test("Times that run backwards are named")
  func times() throws {
    #expect(try field { $0.endTime = Timestamp("2026-03-02T09:14:05.249Z") } == "endTime")
    #expect(try field { $0.validUntil = Timestamp("2000-01-01") } == "validUntil")
    var episode = EpisodeSamples.full
    episode.endTime = episode.startTime
    episode.validUntil = episode.validFrom
    try episode.validate()
  }

  @Test("Steps out of order, without end or with impossible numbers are named")
  func steps() throws {
    #expect(try field { $0.steps[2].number = 7 } == "steps[2].number")
    #expect(try field { $0.steps[0].latency = -0.1 } == "steps[0].latency")
    #expect(try field { $0.steps[0].latency = .nan } == "steps[0].latency")
    #expect(try field { $0.steps[0].latency = .infinity } == "steps[0].latency")
    #expect(try field { $0.steps[0].tokensUsed = -1 } == "steps[0].tokensUsed")
    func count(_ count: Int) -> [ExecutionStep] {
      EpisodeSamples.steps(Array(repeating: "t", count: count))
    }
    #expect(try field { $0.steps = count(1_001) } == "steps")
    var episode = EpisodeSamples.full
    episode.steps = count(1_000)
    try episode.validate()
  }

  @Test("Outcomes and places outside their range are named")
  func outcomes() throws {
    let big = String(repeating: "x", count: 1_000_001)
    #expect(
      try field { $0.outcome = .success(verdict: "", artifacts: ["a", big]) }
        == "outcome.artifacts[1]")
    #expect(
      try field { $0.outcome = .abstained(reason: "", stoppedAtStep: -1, signals: []) }
        == "outcome.stoppedAtStep")
    #expect(try field { $0.location = Location(latitude: 90.1, longitude: 0) } == "location.lat")
    #expect(try field { $0.location = Location(latitude: .nan, longitude: 0) } == "location.lat")
    #expect(try field { $0.location = Location(latitude: 0, longitude: -181) } == "location.lon")
  }

  @Test("An episode of more than ten million bytes is refused, whichever field holds them")
  func size() throws {
    let part = String(repeating: "x", count: 500_000)
    let parts = Array(repeating: part, count: 21)
    #expect(try field { $0.outcome = .success(verdict: "", artifacts: parts) } == "episode")
    #expect(
      try field { $0.outcome = .partialSuccess(verdict: "", completed: parts, failed: []) }
        == "episode")
    #expect(
      try field { $0.outcome = .abstained(reason: "", stoppedAtStep: 1, signals: parts) }
        == "episode")
    #expect(try field { $0.steps[0].parameters = .array(parts.map { .string($0) }) } == "episode")
    #expect(
      try field {
        $0.metadata = Dictionary(
          uniqueKeysWithValues: parts.enumerated().map { ("\($0)", $1) })
      } == "episode")
    #expect(try field { $0.salientFeatures = parts } == "episode")
    #expect(try field { $0.patternIDs = parts } == "episode")
    #expect(try field { $0.heuristicIDs = parts } == "episode")
    #expect(
      try field { $0.appliedPatterns = parts.map { AppliedPattern(patternID: $0) } } == "episode")
    #expect(try field { $0.context.language = parts.joined() } == "episode")
    #expect(try field { $0.reflection?.insights = parts } == "episode")
    #expect(try field { $0.checkpoints[0].note = parts.joined() } == "episode")
    #expect(
      try field { $0.tags = Array(repeating: EpisodeSamples.tag("abcdefghij"), count: 1_000_001) }
        == "episode")
    var episode = EpisodeSamples.full
    episode.outcome = .success(verdict: "", artifacts: Array(parts.prefix(19)))
    try episode.validate()
  }
}

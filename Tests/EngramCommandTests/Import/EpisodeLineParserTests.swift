import EngramCommand
import Episodes
import Foundation
import Interchange
import Testing

@Suite("Reading an episode from a line of JSON")
struct EpisodeLineParserTests {
  private static let start = Timestamp("2026-03-02T09:00:00Z")!
  private let parser = EpisodeLineParser(startTime: Self.start)

  private func message(_ text: String, line: Int = 1) throws -> String {
    let error = #expect(throws: EpisodeLineError.self) { try parser.parse(text, line: line) }
    let description = try #require(error).description
    #expect(!description.contains("\n"))
    return description
  }

  @Test("A task description alone is an episode, with a start given by the caller")
  func onlyDescription() throws {
    let episode = try parser.parse(#"{"taskDescription": "fix the login"}"#)
    #expect(episode.taskDescription == "fix the login")
    #expect(episode.startTime == Self.start)
    #expect(episode.namespace == "default")
    #expect(episode.taskType == .other)
    #expect(episode.context == TaskContext())
    #expect(episode.steps.isEmpty)
    #expect(episode.outcome == nil)
  }

  @Test("An id made from the content is the same for the same content, however it is spelled")
  func derivedID() throws {
    let first = try parser.parse(#"{"taskDescription": "a\u00e9", "metadata": {"x": "1"}}"#)
    let second = try parser.parse(#" { "metadata":{"x":"1"} ,"taskDescription":"aé" } "#)
    let other = try parser.parse(#"{"taskDescription": "aé", "metadata": {"x": "2"}}"#)
    #expect(first.id == second.id)
    #expect(first.id != other.id)
    #expect(first.id.count == "sha256-".count + 32)
    // printf '{"taskDescription":"fix the login"}' | sha256sum
    let known = try parser.parse(#"{"taskDescription": "fix the login"}"#)
    #expect(known.id == "sha256-b6aa48c6ab5d442c25d787db427fd031")
    // The default start is not part of the content.
    let later = EpisodeLineParser(startTime: Timestamp(nanosecondsSince1970: 7))
    #expect(try later.parse(#"{"taskDescription": "fix the login"}"#).id == known.id)
    let named = try parser.parse(#"{"id": "mine-1", "taskDescription": "x"}"#)
    #expect(named.id == "mine-1")
  }

  @Test("Every field of a full episode is read")
  func fullEpisode() throws {
    let episode = Self.full
    let encoder = JSONEncoder()
    let text = String(decoding: try encoder.encode(episode), as: UTF8.self)
    let read = try parser.parse(text)
    #expect(read == episode)
  }

  @Test("The known fields are exactly those of the types")
  func shapesAgreeWithTypes() throws {
    // Each name the types know must be accepted by the import, and nothing else.
    for name in Episode.fieldNames where name != "taskDescription" {
      _ = try parser.parse(#"{"taskDescription": "x", "\#(name)": null}"#)
    }
    for name in TaskContext.fieldNames {
      _ = try parser.parse(#"{"taskDescription": "x", "context": {"\#(name)": null}}"#)
    }
    for name in ExecutionStep.fieldNames {
      _ = try parser.parse(#"{"taskDescription": "x", "steps": [{"\#(name)": null}]}"#)
    }
    #expect(
      try message(#"{"taskDescription": "x", "zzzzzz": 1}"#)
        == "line 1: zzzzzz: is not a field of an episode; expected "
        + Episode.fieldNames.sorted().joined(separator: ", "))
  }

  @Test(
    "An unknown field is refused at every level, with a near name",
    arguments: [
      (#""task_type": "debugging""#, "task_type: is not a field of an episode", "'taskType'"),
      (#""Tags": ["aa"]"#, "Tags: is not a field of an episode", "'tags'"),
      (#""agentId": "a""#, "agentId: is not a field of an episode", "'agentID'"),
      (
        #""context": {"langauge": "c"}"#, "context.langauge: is not a field of a context",
        "'language'"
      ),
      (
        #""steps": [{}, {"latncy": 1}]"#, "steps[1].latncy: is not a field of a step",
        "'latency'"
      ),
      (
        #""steps": [{"result": {"kind": "success", "outputs": ""}}]"#,
        "steps[0].result.outputs: is not a field of a result of kind 'success'", "'output'"
      ),
      (
        #""outcome": {"kind": "failure", "reasons": ""}"#,
        "outcome.reasons: is not a field of an outcome of kind 'failure'", "'reason'"
      ),
      (
        #""checkpoints": [{"id":"c","episode":"e","stepNumber":1,"timestamp":"2026-01-01","label":"","notes":""}]"#,
        "checkpoints[0].notes: is not a field of a checkpoint", "'note'"
      ),
      (#""location": {"lat": 1, "long": 2}"#, "location.long: is not a field", "'lon'"),
      (
        #""appliedPatterns": [{"patternId": "p"}]"#,
        "appliedPatterns[0].patternId: is not a field of an applied pattern", "'patternID'"
      ),
      (
        #""reward": {"total": 1, "bases": 1}"#, "reward.bases: is not a field of a reward",
        "'base'"
      ),
      (
        #""reflection": {"insight": []}"#, "reflection.insight: is not a field of a reflection",
        "'insights'"
      ),
    ])
  func unknownFields(field: String, path: String, suggestion: String) throws {
    let text = try message("{\"taskDescription\": \"x\", \(field)}")
    #expect(text.hasPrefix("line 1: \(path)"))
    #expect(text.hasSuffix("; did you mean \(suggestion)?"))
  }

  @Test("A field of another outcome is refused, not dropped")
  func foreignField() throws {
    #expect(
      try message(
        #"{"taskDescription": "x", "outcome": {"kind": "failure", "artifacts": ["a"]}}"#)
        == "line 1: outcome.artifacts: is not a field of an outcome of kind 'failure'; "
        + "expected details, kind, reason")
    #expect(
      try message(
        #"{"taskDescription": "x", "steps": [{"result": {"kind": "timeout", "output": "x"}}]}"#)
        == "line 1: steps[0].result.output: is not a field of a result of kind 'timeout'; "
        + "expected kind")
  }

  @Test(
    "A value of the wrong type says what is there and what would be right",
    arguments: [
      (
        #""steps": [{}, {}, {"latency": "0.5"}]"#,
        "steps[2].latency: is a string; expected a number of seconds"
      ),
      (#""steps": {}"#, "steps: is an object; expected a list"),
      (#""steps": [7]"#, "steps[0]: is a number; expected a step as an object"),
      (#""steps": [{"tokensUsed": 1.5}]"#, "steps[0].tokensUsed: is 1.5; expected a whole number"),
      (#""agentID": 7"#, "agentID: is a number; expected a string"),
      (#""metadata": {"a": "b", "n": 3}"#, "metadata.n: is a number; expected a string"),
      (#""metadata": {"a b": null}"#, "metadata.'a b': is null; expected a string"),
      (
        #""startTime": "yesterday""#,
        "startTime: is 'yesterday'; expected an ISO 8601 time such as 2026-03-02T09:14:05.250Z"
      ),
      (
        #""endTime": 1767225600"#,
        "endTime: is a number; expected an ISO 8601 time such as 2026-03-02T09:14:05.250Z"
      ),
      (
        #""context": {"tags": ["ok", "not ok"]}"#,
        "context.tags[1]: is 'not ok'; expected 2 to 100 letters, digits, '-' or '_'"
      ),
      (
        #""context": {"complexity": "hard"}"#,
        "context.complexity: is 'hard'; expected one of simple, moderate, complex"
      ),
      (#""taskType": "Debuging""#, "taskType: is 'Debuging'; did you mean 'debugging'?"),
      (
        #""outcome": "success""#,
        "outcome: is a string; expected an outcome as an object with 'kind'"
      ),
      (
        #""outcome": {"verdict": "x"}"#,
        "outcome.kind: is missing; "
          + "expected one of abstained, failure, partialSuccess, success"
      ),
      (#""outcome": {"kind": "succes"}"#, "outcome.kind: is 'succes'; did you mean 'success'?"),
      (
        #""reward": {"total": 1}"#, "reward.base: is missing; expected a number"
      ),
      (
        #""location": {"lat": 95, "lon": 0}"#,
        "location.lat: is 95; expected -90 to 90 degrees north"
      ),
      (
        #""steps": [{"number": 2}]"#,
        "steps[0].number: is 2; expected 1: steps are numbered from 1 in order"
      ),
      (
        #""steps": [{"latency": -1}]"#,
        "steps[0].latency: is -1.0; expected 0 to 1000000000 seconds"
      ),
      (
        #""id": "has space""#,
        "id: 'has space' is not an identifier; "
          + "expected 1 to 128 printable characters without spaces"
      ),
      (
        #""startTime": "2026-01-02", "endTime": "2026-01-01""#,
        "endTime: 2026-01-01T00:00:00Z is before startTime 2026-01-02T00:00:00Z; "
          + "expected a time not before it"
      ),
    ])
  func wrongTypes(field: String, expected: String) throws {
    #expect(
      try message("{\"taskDescription\": \"x\", \(field)}", line: 7) == "line 7: \(expected)")
  }

  @Test("Several wrong fields give the same message every time")
  func deterministicMessage() throws {
    let text = #"{"taskDescription": "x", "zz": 1, "yy": 2, "xx": 3, "aa": 4, "bb": 5}"#
    let first = try message(text)
    #expect(first.hasPrefix("line 1: aa: "))
    for _ in 0..<20 { #expect(try message(text) == first) }
  }

  @Test(
    "Text that is not one JSON object is refused with the column",
    arguments: [
      ("", "column 1: ends where a value is expected"),
      ("[1]", "is a list; expected an episode as an object"),
      (#"{"taskDescription": "x""#, "column 24: ',' or '}' is expected"),
      (#"{"taskDescription": "x"} {}"#, "column 26: goes on after the end of the value"),
      (#"{"taskDescription": "x", "taskDescription": "y"}"#, "'taskDescription' stands twice"),
      (#"{"taskDescription": "x",}"#, "column 25: a field name in quotes is expected"),
      (#"{taskDescription: "x"}"#, "column 2: a field name in quotes is expected"),
      (#"{"taskDescription": 'x'}"#, "column 21: a value is expected"),
      (#"{"taskDescription": "x", "steps": [{"latency": 01}]}"#, "a number begins with 0"),
      (#"{"taskDescription": "x", "steps": [{"latency": 1.}]}"#, "a digit is expected"),
      (#"{"taskDescription": "x", "steps": [{"latency": 1e999}]}"#, "beyond the range"),
      (#"{"taskDescription": "x", "steps": [{"latency": NaN}]}"#, "a value is expected"),
      (#"{"taskDescription": "\ud83d"}"#, "half of a surrogate pair"),
      (#"{"taskDescription": "\ude00"}"#, "half of a surrogate pair"),
      (#"{"taskDescription": "\x41"}"#, "an unknown escape"),
      ("{\"taskDescription\": \"a\tb\"}", "a control character in a string"),
      ("nul", "a value is expected"),
    ])
  func syntax(text: String, expected: String) throws {
    #expect(try message(text).contains(expected))
  }

  @Test("Nesting that would exhaust the stack is refused")
  func nesting() throws {
    let deep = String(repeating: "[", count: 100_000)
    let text = #"{"taskDescription": "x", "steps": [{"parameters": "# + deep
    #expect(try message(text).contains("nested deeper than 128 levels"))
  }

  @Test("Numbers, escapes and texts of any script keep their value")
  func values() throws {
    let episode = try parser.parse(
      #"""
      {"taskDescription": "tab\t quote\" slash\/ \ud83d\ude00 日本語 é", "steps": [{"parameters":
      {"big": 9007199254740993, "least": -9223372036854775808, "huge": 9223372036854775808,
       "zero": -0, "fraction": 0.1, "power": 1.5e3, "none": null, "yes": true,
       "list": [1, [], {}], "": "empty"}}]}
      """#)
    #expect(episode.taskDescription == "tab\t quote\" slash/ 😀 日本語 é")
    guard case .object(let fields) = try #require(episode.steps.first).parameters else {
      Issue.record("the parameters are an object")
      return
    }
    #expect(fields["big"] == .integer(9_007_199_254_740_993))
    #expect(fields["least"] == .integer(.min))
    #expect(fields["huge"] == .number(9_223_372_036_854_775_808))
    #expect(fields["zero"] == .number(-0.0))
    #expect(fields["fraction"] == .number(0.1))
    #expect(fields["power"] == .number(1500))
    #expect(fields["none"] == .null)
    #expect(fields["list"] == .array([.integer(1), .array([]), .object([:])]))
    #expect(fields[""] == "empty")
  }

  @Test("Control characters of a bad value do not reach the message")
  func hostileText() throws {
    let text = try message("{\"taskDescription\": \"x\", \"\\u001b[31m\": 1}")
    #expect(text.contains("'\\u{1b}[31m'"))
  }

  static let full: Episode = {
    let start = Timestamp("2026-03-02T09:14:05.25Z")!
    return Episode(
      id: "code-0001", namespace: "team", agentID: "builder-2", sessionID: "s-1",
      taskType: .debugging, taskDescription: "Logins fail \u{1F600}",
      context: TaskContext(
        domain: "web-api", language: "python", framework: "fastapi", complexity: .complex,
        tags: [try! Tag("auth")]),
      startTime: start, endTime: Timestamp("2026-03-02T09:31:40.000000001Z")!,
      steps: [
        ExecutionStep(
          number: 1, timestamp: start, tool: "grep", action: "search",
          parameters: ["pattern": "x", "n": 3, "deep": [1.5, nil, true]],
          result: .success(output: "3 matches"), latency: 0.42, tokensUsed: 310,
          metadata: ["k": "v"]),
        ExecutionStep(
          number: 2, timestamp: start, tool: "pytest", action: "run",
          result: .error(message: "boom"), latency: 8.1),
        ExecutionStep(
          number: 3, timestamp: start, tool: "http", action: "get", result: .timeout, latency: 30),
        ExecutionStep(number: 4, timestamp: start, tool: "http", action: "get"),
      ],
      outcome: .abstained(reason: "no access", stoppedAtStep: 3, signals: ["403"]),
      reward: RewardScore(
        total: 1.25, base: 1, efficiency: 1.1, complexityBonus: 1.2, qualityMultiplier: 0.9,
        learningBonus: 0.1),
      reflection: Reflection(
        successes: ["a"], improvements: ["b"], insights: ["c"], generatedAt: start),
      salientFeatures: ["clock skew"], patternIDs: ["p-1"], heuristicIDs: ["h-1"],
      appliedPatterns: [
        AppliedPattern(patternID: "p-1", effect: .helped), AppliedPattern(patternID: "p-2"),
      ],
      tags: [try! Tag("jwt")], metadata: ["ticket": "BIL-311"],
      checkpoints: [
        Checkpoint(
          id: "c-1", episode: "code-0001", stepNumber: 2, timestamp: start, label: "half",
          note: "n")
      ],
      location: Location(latitude: 52.52, longitude: 13.4), validFrom: start,
      validUntil: Timestamp("2027-01-01")!, supersededBy: "code-0002")
  }()
}

import Episodes
import Testing

@testable import DurableStore

@Suite("Limits at the door")
struct LimitTests {
  private func refusal(
    _ change: (inout Episode) -> Void, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> String? {
    var episode = Samples.episode("e", steps: 1)
    change(&episode)
    let changed = episode
    return try await withStore { store, _ in
      do {
        try await store.insert([NewEpisode(changed)])
      } catch DurableStoreError.invalid(let error) {
        #expect(try await store.count(matching: EpisodeFilter()) == 0)
        return error.field
      }
      #expect(try await store.episode(id: changed.id) == changed, sourceLocation: sourceLocation)
      return nil
    }
  }

  @Test("What is as large as allowed is stored, and one more is refused with the field")
  func sizes() async throws {
    let text = String(repeating: "é", count: 10_000)
    #expect(try await refusal { $0.taskDescription = text } == nil)
    #expect(try await refusal { $0.taskDescription = text + "x" } == "taskDescription")
    #expect(try await refusal { $0.steps[0].result = .success(output: text) } == nil)
    #expect(
      try await refusal { $0.steps[0].result = .error(message: text + "x") } == "steps[0].result")
    #expect(try await refusal { $0.steps[0].action = text + "x" } == "steps[0].action")
    #expect(try await refusal { $0.steps = (1...1000).map { Samples.step($0) } } == nil)
    #expect(try await refusal { $0.steps = (1...1001).map { Samples.step($0) } } == "steps")
    let artifact = String(repeating: "a", count: 1_000_000)
    #expect(
      try await refusal { $0.outcome = .success(verdict: "v", artifacts: [artifact]) } == nil)
    #expect(
      try await refusal { $0.outcome = .success(verdict: "v", artifacts: ["", artifact + "a"]) }
        == "outcome.artifacts[1]")
    let nine = Array(repeating: artifact, count: 9)
    #expect(try await refusal { $0.outcome = .success(verdict: "v", artifacts: nine) } == nil)
    #expect(
      try await refusal {
        $0.outcome = .success(verdict: "v", artifacts: nine + [artifact])
      } == "episode")
  }

  @Test("Values that are of no use are refused with the field")
  func values() async throws {
    #expect(try await refusal { $0.id = "has space" } == "id")
    #expect(try await refusal { $0.id = String(repeating: "i", count: 129) } == "id")
    #expect(try await refusal { $0.id = String(repeating: "i", count: 128) } == nil)
    #expect(try await refusal { $0.taskDescription = " \n" } == "taskDescription")
    #expect(try await refusal { $0.steps[0].latency = .infinity } == "steps[0].latency")
    #expect(try await refusal { $0.steps[0].tokensUsed = -1 } == "steps[0].tokensUsed")
    #expect(
      try await refusal { $0.steps[0].parameters = .number(.nan) } == "steps[0].parameters")
    #expect(
      try await refusal { $0.location = Location(latitude: 91, longitude: 0) } == "location.lat")
    #expect(
      try await refusal { $0.location = Location(latitude: 0, longitude: .nan) } == "location.lon")
    #expect(try await refusal { $0.endTime = Timestamp("1999-01-01") } == "endTime")
  }
}

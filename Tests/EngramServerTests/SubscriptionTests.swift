import Engram
import Episodes
import Foundation
import Testing

@testable import EngramServer

@Suite("Subscriptions, cancellation and progress")
struct SubscriptionTests {
  @Test("the older era is told of resources that it subscribed to, until it does no more")
  func subscribes() async throws {
    try await TestClient.with { client in
      let memory = try await client.gate.memory()
      let one = try await memory.startEpisode(NewTask("one"))
      let other = try await memory.startEpisode(NewTask("other"))
      // One character is escaped that need not be: the client is told of the name that it gave.
      let uri = JSONValue.string("engram://episode/%30\(one.id.dropFirst())")
      #expect(one.id.hasPrefix("0"))
      #expect(try await client.result("resources/subscribe", ["uri": uri]) == .object([:]))
      #expect(
        try await client.error("resources/subscribe", ["uri": "file:///a"]).code == -32002)
      try await memory.logStep(NewStep(tool: "a", action: "b"), in: other.id)
      try await memory.logStep(NewStep(tool: "a", action: "b"), in: one.id)
      try await eventually { !client.notifications.isEmpty }
      #expect(client.notifications.count == 1)
      let note = try #require(client.notifications.first)
      #expect(note["method"] == "notifications/resources/updated")
      #expect(note["params"] == ["uri": uri])
      _ = try await client.result("resources/unsubscribe", ["uri": uri])
      try await memory.logStep(NewStep(tool: "a", action: "b"), in: one.id)
      try await Task.sleep(for: .milliseconds(800))
      #expect(client.notifications.count == 1)
    }
  }

  @Test("the newer era listens to a stream, which a cancellation ends")
  func listens() async throws {
    try await TestClient.with(isStateless: true) { client in
      let memory = try await client.gate.memory()
      let one = try await memory.startEpisode(NewTask("one"))
      let uri = JSONValue.string("engram://episode/\(one.id)")
      let stream = client.start(
        "subscriptions/listen",
        [
          "notifications": [
            "resourceSubscriptions": [uri, "file:///a"], "resourcesListChanged": true,
            "toolsListChanged": true,
          ]
        ], id: "listen-1")
      try await eventually { !client.notifications.isEmpty }
      let opening = try #require(client.notifications.first)
      #expect(opening["method"] == "notifications/subscriptions/acknowledged")
      #expect(
        opening["params"]?["notifications"]
          == ["resourceSubscriptions": [uri], "resourcesListChanged": true])
      let key = "io.modelcontextprotocol/subscriptionId"
      #expect(opening["params"]?["_meta"]?[key] == "listen-1")
      try await memory.logStep(NewStep(tool: "a", action: "b"), in: one.id)
      _ = try await memory.startEpisode(NewTask("two"))
      try await eventually { client.notifications.count >= 3 }
      let methods = client.notifications.dropFirst().compactMap { $0["method"]?.string }
      #expect(methods.contains("notifications/resources/updated"))
      #expect(methods.contains("notifications/resources/list_changed"))
      #expect(client.notifications.allSatisfy { $0["params"]?["_meta"]?[key] == "listen-1" })
      await client.notify("notifications/cancelled", ["requestId": "listen-1"])
      #expect(await stream.value == nil)
    }
  }

  @Test("more subscriptions than are allowed are refused, and one again is none more")
  func limits() async throws {
    var limits = MCPLimits()
    limits.subscriptionsMax = 2
    try await TestClient.with(limits: limits) { client in
      for id in ["a", "b", "a"] {
        let uri = JSONValue.string("engram://episode/\(id)")
        #expect(try await client.result("resources/subscribe", ["uri": uri]) == .object([:]))
      }
      let third: [String: JSONValue] = ["uri": "engram://episode/c"]
      #expect(try await client.error("resources/subscribe", third).code == -32000)
      _ = try await client.result("resources/unsubscribe", ["uri": "engram://episode/a"])
      #expect(try await client.result("resources/subscribe", third) == .object([:]))
    }
  }

  @Test("a stream of changes, which may be all that is asked, has the model loaded")
  func warmsUp() async throws {
    let client = TestClient(isStateless: true)
    let stream = client.start(
      "subscriptions/listen", ["notifications": ["resourcesListChanged": true]], id: "all")
    try await eventually { client.gate.model == .ready }
    client.session.end(cancelling: true)
    _ = await stream.value
    await client.gate.close()
  }

  @Test("the end of the session ends streams with a result")
  func endsStreams() async throws {
    try await TestClient.with(isStateless: true) { client in
      let stream = client.start(
        "subscriptions/listen", ["notifications": ["resourcesListChanged": true]], id: 7)
      try await eventually { !client.notifications.isEmpty }
      client.session.end(cancelling: false)
      let answer = try #require(await stream.value)
      #expect(answer["result"]?["resultType"] == "complete")
      #expect(
        answer["result"]?["_meta"]?["io.modelcontextprotocol/subscriptionId"] == 7)
      #expect(try await client.error("tools/list").code == -32000)
    }
  }

  @Test("a request that waits for the model is cancelled at once, and writes nothing")
  func cancels() async throws {
    let modelGate = DispatchSemaphore(value: 0)
    let client = TestClient(modelGate: modelGate)
    try await client.initialize()
    let write = client.start(
      "tools/call", ["name": "start_episode", "arguments": ["taskDescription": "never"]],
      id: "write", progressToken: "p")
    try await eventually {
      client.notifications.contains {
        $0["params"]?["message"] == "loading the embedding model"
      }
    }
    await client.notify("notifications/cancelled", ["requestId": "write", "reason": "enough"])
    #expect(await write.value == nil)
    // Searches need not wait for it.
    let found = try await client.call("search_memory", ["query": "never"])
    #expect(found["mode"] == "text")
    #expect(found["note"]?.string?.contains("still being loaded") == true)
    #expect(found["hits"] == [])
    #expect(try await client.call("memory_status")["model"] == "loading")
    for _ in 0..<10 { modelGate.signal() }
    try await client.gate.waitForModel()
    #expect(try await client.call("memory_status")["episodes"] == 0)
    await client.gate.close()
  }

  @Test("progress rises strictly")
  func progress() async throws {
    let client = TestClient()
    try await client.initialize()
    let ids = (1...120).map { "e\($0)" }
    let memory = try await client.gate.memory()
    try await client.gate.waitForModel()
    _ = try await memory.importEpisodes(
      (1...120).map { number in
        var episode = ResourceTests.episode(number)
        episode.id = "e\(number)"
        return episode
      })
    let answer = await client.start(
      "tools/call",
      ["name": "forget", "arguments": ["episodeIDs": .array(ids.map(JSONValue.string))]],
      progressToken: 42
    ).value
    #expect(answer?["result"]?["structuredContent"]?["episodes"] == 120)
    let steps = client.notifications.compactMap { note -> Double? in
      #expect(note["params"]?["progressToken"] == 42)
      return switch note["params"]?["progress"] {
      case .number(let value): value
      case .integer(let value): Double(value)
      default: nil
      }
    }
    #expect(steps.count >= 3)
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 })
    await client.gate.close()
  }

  @Test("writes of a session are done in the order in which they came")
  func ordersWrites() async throws {
    try await TestClient.with { client in
      _ = try await client.call("start_episode", ["taskDescription": "order", "id": "order"])
      let writes = (0..<40).map { number in
        client.start(
          "tools/call",
          [
            "name": "log_steps",
            "arguments": [
              "episodeID": "order",
              "steps": [["tool": "t", "action": .string("\(number)")]],
            ],
          ])
      }
      let end = client.start(
        "tools/call",
        [
          "name": "complete_episode",
          "arguments": ["episodeID": "order", "outcome": ["kind": "success"]],
        ])
      for write in writes { #expect(await write.value?["result"]?["isError"] == .bool(false)) }
      #expect(await end.value?["result"]?["isError"] == .bool(false))
      let episode = try await client.call("get_episode", ["episodeID": "order"])["episode"]
      let actions = episode?["steps"]?.list?.compactMap { $0["action"]?.string }
      #expect(actions == (0..<40).map { "\($0)" })
    }
  }
}

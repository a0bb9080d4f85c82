import Dispatch
import Episodes
import Foundation
import Testing

@testable import EngramServer

@Suite("The protocol")
struct ProtocolTests {
  @Test(
    "the handshake takes the version that is asked for, or offers the latest",
    arguments: [
      ("2024-11-05", "2024-11-05"), ("2025-03-26", "2025-03-26"), ("2025-06-18", "2025-06-18"),
      ("2025-11-25", "2025-11-25"), ("1999-01-01", "2025-11-25"), ("2026-07-28", "2025-11-25"),
    ])
  func negotiates(asked: String, given: String) async throws {
    let client = TestClient()
    let result = try await client.initialize(asked)
    #expect(result["protocolVersion"] == .string(given))
    #expect(result["serverInfo"]?["name"] == "engram")
    #expect(result["serverInfo"]?["version"] == "1.2.3")
    #expect(result["capabilities"]?["resources"]?["subscribe"] == .bool(true))
    await client.notify("notifications/initialized", [:])
    #expect(try await client.result("ping") == .object([:]))
    #expect(try await client.error("initialize", ["protocolVersion": "2025-11-25"]).code == -32600)
  }

  @Test("before the handshake only ping is answered")
  func needsHandshake() async throws {
    let client = TestClient()
    #expect(try await client.result("ping") == .object([:]))
    let error = try await client.error("tools/list")
    #expect(error.code == -32600)
    #expect(error.message.contains("initialize"))
    #expect(try await client.error("server/discover").code == -32602)
  }

  @Test("the stateless era needs no handshake, and says what it is")
  func discovers() async throws {
    let client = TestClient(isStateless: true)
    let result = try await client.result("server/discover")
    #expect(result["supportedVersions"] == ["2026-07-28"])
    #expect(result["resultType"] == "complete")
    #expect(result["cacheScope"] == "public")
    #expect(result["ttlMs"] == 3_600_000)
    #expect(result["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"] == "engram")
    let tools = try await client.result("tools/list")
    #expect(tools["resultType"] == "complete")
    for method in ["ping", "resources/subscribe", "logging/setLevel"] {
      #expect(try await client.error(method).code == -32601)
    }
  }

  @Test("a version that is not spoken is refused with those that are")
  func refusesVersions() async throws {
    let client = TestClient()
    let meta: JSONValue = [
      "io.modelcontextprotocol/protocolVersion": "2099-01-01",
      "io.modelcontextprotocol/clientCapabilities": [:],
    ]
    let answer = try await client.answer("tools/list", ["_meta": meta])
    #expect(answer["error"]?["code"] == -32022)
    #expect(answer["error"]?["data"]?["supported"] == ["2026-07-28"])
    #expect(answer["error"]?["data"]?["requested"] == "2099-01-01")
    let half: JSONValue = ["io.modelcontextprotocol/protocolVersion": "2026-07-28"]
    let error = try await client.error("tools/list", ["_meta": half])
    #expect(error.code == -32602)
    #expect(error.message.contains("clientCapabilities"))
  }

  @Test(
    "what is no message is refused, and the session goes on",
    arguments: [
      ("{", -32700), ("nonsense", -32700), ("{\"a\":1}{\"b\":2}", -32700), ("[]", -32600),
      ("[1]", -32600), ("17", -32600), ("{}", -32600),
      ("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", -32600),
      ("{\"jsonrpc\":\"2.0\",\"id\":1}", -32600),
      ("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", -32600),
      ("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}", -32600),
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}", -32600),
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[1]}", -32600),
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}", -32700),
      (String(repeating: "[", count: 500), -32700),
    ] as [(String, Int64)])
  func refusesMalformed(text: String, code: Int64) async throws {
    let client = TestClient()
    try await client.initialize()
    let answer = try #require(await receive(Array(text.utf8), client))
    #expect(answer["error"]?["code"] == .integer(code), "\(answer)")
    #expect(answer.names.contains("id"))
    #expect(try await client.result("ping") == .object([:]))
  }

  @Test("bytes that are no UTF-8 are refused")
  func refusesBytes() async throws {
    let answer = await receive([0x7B, 0xFF, 0xFE, 0x7D], TestClient())
    #expect(answer?["error"]?["code"] == -32700)
  }

  @Test("notifications and answers get no answer")
  func keepsQuiet() async throws {
    let client = TestClient()
    await client.notify("notifications/whatever", ["a": 1])
    let response: JSONValue = ["jsonrpc": "2.0", "id": 1, "result": [:]]
    #expect(await client.session.receive(response).value == nil)
  }

  @Test("lists of messages are of the versions that have them")
  func takesBatches() async throws {
    let ping: JSONValue = ["jsonrpc": "2.0", "id": "a", "method": "ping"]
    let note: JSONValue = ["jsonrpc": "2.0", "method": "notifications/initialized"]
    let old = TestClient()
    try await old.initialize("2025-03-26")
    let answers = await old.session.receive([ping, note, 3]).value
    #expect(answers?.list?.count == 2)
    #expect(answers?[0]?["result"] == .object([:]))
    #expect(answers?[1]?["error"]?["code"] == -32600)
    #expect(await old.session.receive([note]).value == nil)
    let new = TestClient()
    try await new.initialize("2025-06-18")
    #expect(await new.session.receive([ping]).value?["error"]?["code"] == -32600)
  }

  @Test("unknown methods, tools, prompts and resources are errors of the protocol")
  func refusesUnknown() async throws {
    try await TestClient.with { client in
      #expect(try await client.error("tools/frobnicate").code == -32601)
      let tool = try await client.error("tools/call", ["name": "serch_memory"])
      #expect(tool.code == -32602)
      #expect(tool.message.contains("did you mean 'search_memory'?"))
      let prompt = try await client.error("prompts/get", ["name": "recall"])
      #expect(prompt.code == -32602)
      for uri in ["engram://episode/nobody", "engram://nothing/a", "file:///etc/passwd"] {
        #expect(try await client.error("resources/read", ["uri": .string(uri)]).code == -32002)
      }
      #expect(try await client.error("resources/read").code == -32602)
      #expect(try await client.error("tools/list", ["cursor": "x"]).code == -32602)
      #expect(try await client.error("resources/list", ["cursor": "x"]).code == -32602)
    }
  }

  @Test("an id in use and too many requests are refused, until some are answered")
  func bounds() async throws {
    var limits = MCPLimits()
    limits.unansweredMax = 2
    let modelGate = DispatchSemaphore(value: 0)
    let client = TestClient(limits: limits, modelGate: modelGate)
    try await client.initialize()
    // They wait for the model.
    let call: [String: JSONValue] = ["name": "recommend", "arguments": ["task": "x"]]
    let first = client.start("tools/call", call, id: "same")
    let second = client.start("tools/call", call)
    #expect(await client.start("tools/call", call, id: "same").value?["error"]?["code"] == -32600)
    let third = await client.start("tools/call", call).value
    #expect(third?["error"]?["code"] == -32000)
    modelGate.signal()
    for task in [first, second] { #expect(await task.value?["result"] != nil) }
    #expect(await client.start("tools/call", call, id: "same").value?["result"] != nil)
    await client.gate.close()
  }

  @Test("what needs no model is answered while all places are wanted by what waits for it")
  func waitsForNobody() async throws {
    var limits = MCPLimits()
    limits.workingMax = 1
    let modelGate = DispatchSemaphore(value: 0)
    let client = TestClient(limits: limits, modelGate: modelGate)
    try await client.initialize()
    let calls = [("recommend", "task"), ("search_patterns", "query")]
    let waiting = calls.map { tool, argument in
      client.start(
        "tools/call",
        ["name": .string(tool), "arguments": .object([argument: "x"])], progressToken: "p")
    }
    try await eventually {
      client.notifications.filter { $0["params"]?["message"] == "loading the embedding model" }
        .count == 2
    }
    #expect(try await client.result("ping") == .object([:]))
    for method in ["tools/list", "prompts/list", "resources/templates/list", "resources/list"] {
      _ = try await client.result(method)
    }
    let found = try await client.call("search_memory", ["query": "x", "diversity": 0.5])
    #expect(found["mode"] == "text")
    #expect(found["note"]?.string?.contains("diversity needs the embedding model") == true)
    modelGate.signal()
    for task in waiting { #expect(await task.value?["result"]?["isError"] == .bool(false)) }
    await client.gate.close()
  }

  @Test("a notification gets no answer, whatever is wrong with it")
  func malformedNotifications() async throws {
    let client = TestClient()
    let texts = [
      #"{"jsonrpc":"2.0","method":"notifications/x","params":[1]}"#, #"{"method":"x"}"#,
    ]
    for text in texts { #expect(await receive(Array(text.utf8), client) == nil) }
  }

  private func receive(_ bytes: [UInt8], _ client: TestClient) async -> JSONValue? {
    let task = bytes.withUnsafeBytes { client.session.receive($0) }
    return await task.value
  }
}

import Dispatch
import Engram
import EngramServer
import Episodes
import Foundation
import Sync
import Synchronization
import TestSupport
import Testing

/// One client's session with a server on a home of its own, without a transport.
final class TestClient: Sendable {
  let session: MCPSession
  let gate: MemoryGate
  private let home: String
  private let log: NotificationLog
  private let isStateless: Bool
  private let lastID = Atomic<Int64>(0)

  /// - Parameters:
  ///   - isStateless: whether requests are of the era of 2026-07-28.
  ///   - namespace: the one to which the server is bound.
  ///   - modelGate: what the embedder waits for when it is made.
  init(
    isStateless: Bool = false, limits: MCPLimits = MCPLimits(), namespace: String? = nil,
    modelGate: DispatchSemaphore? = nil
  ) {
    let home = NSTemporaryDirectory() + "engram-server-tests-" + UUID().uuidString
    var configuration = MemoryConfiguration(
      home: Home(path: home),
      embedder: {
        modelGate?.wait()
        return WordEmbedder()
      })
    configuration.cache.addressSpaceBytes = 1 << 32
    configuration.sync.searchWaitSecondsMax = 120
    configuration.learning.isAutomatic = false
    let gate = MemoryGate(configuration)
    let received = NotificationLog()
    self.home = home
    self.gate = gate
    self.isStateless = isStateless
    log = received
    session = MCPSession(
      server: MCPServer(gate: gate, version: "1.2.3", namespace: namespace, limits: limits)
    ) { received.add($0) }
  }

  deinit { try? FileManager.default.removeItem(atPath: home) }

  var notifications: [JSONValue] { log.all }

  /// Runs `body` with a client that has shaken hands, and closes its memory.
  static func with(
    isStateless: Bool = false, version: String = "2025-11-25", limits: MCPLimits = MCPLimits(),
    namespace: String? = nil, _ body: (TestClient) async throws -> Void
  ) async throws {
    let client = TestClient(isStateless: isStateless, limits: limits, namespace: namespace)
    if !isStateless { try await client.initialize(version) }
    try await client.gate.waitForModel()
    try await body(client)
    client.session.end(cancelling: true)
    await client.gate.close()
  }

  @discardableResult
  func initialize(_ version: String = "2025-11-25") async throws -> JSONValue {
    try await result(
      "initialize",
      [
        "protocolVersion": .string(version), "capabilities": [:],
        "clientInfo": ["name": "test", "version": "0"],
      ])
  }

  /// Begins a request.
  func start(
    _ method: String, _ params: [String: JSONValue] = [:], id: JSONValue? = nil,
    progressToken: JSONValue? = nil
  ) -> Task<JSONValue?, Never> {
    var params = params
    var meta: [String: JSONValue] = [:]
    if isStateless {
      meta["io.modelcontextprotocol/protocolVersion"] = "2026-07-28"
      meta["io.modelcontextprotocol/clientCapabilities"] = [:]
    }
    if let progressToken { meta["progressToken"] = progressToken }
    if !meta.isEmpty { params["_meta"] = .object(meta) }
    let next = lastID.wrappingAdd(1, ordering: .relaxed).newValue
    return session.receive([
      "jsonrpc": "2.0", "id": id ?? .integer(next), "method": .string(method),
      "params": .object(params),
    ])
  }

  func notify(_ method: String, _ params: [String: JSONValue]) async {
    let answer = await session.receive([
      "jsonrpc": "2.0", "method": .string(method), "params": .object(params),
    ]).value
    #expect(answer == nil)
  }

  func answer(_ method: String, _ params: [String: JSONValue] = [:]) async throws -> JSONValue {
    try #require(await start(method, params).value)
  }

  func result(_ method: String, _ params: [String: JSONValue] = [:]) async throws -> JSONValue {
    let answer = try await answer(method, params)
    return try #require(answer["result"], "\(answer)")
  }

  /// The code and message of the error that a request must end with.
  func error(
    _ method: String, _ params: [String: JSONValue] = [:]
  ) async throws -> (code: JSONValue, message: String) {
    let error = try #require(try await answer(method, params)["error"])
    return (try #require(error["code"]), try #require(error["message"]?.string))
  }

  /// The structured result of a tool.
  func call(_ tool: String, _ arguments: [String: JSONValue] = [:]) async throws -> JSONValue {
    let result = try await result(
      "tools/call", ["name": .string(tool), "arguments": .object(arguments)])
    #expect(result["isError"] == .bool(false), "\(result)")
    let structured = try #require(result["structuredContent"], "\(result)")
    let text = try #require(result["content"]?[0]?["text"]?.string)
    #expect(try JSONReader.value(of: text) == structured)
    return structured
  }

  /// The message of a tool that must refuse its arguments.
  func refusal(_ tool: String, _ arguments: [String: JSONValue]) async throws -> String {
    let result = try await result(
      "tools/call", ["name": .string(tool), "arguments": .object(arguments)])
    #expect(result["isError"] == .bool(true), "\(result)")
    return try #require(result["content"]?[0]?["text"]?.string)
  }
}

/// Notifications as they came.
final class NotificationLog: Sendable {
  private let list = Mutex<[JSONValue]>([])

  func add(_ value: JSONValue) { list.withLock { $0.append(value) } }

  var all: [JSONValue] { list.withLock { $0 } }
}

extension JSONValue {
  subscript(name: String) -> JSONValue? {
    if case .object(let fields) = self { fields[name] } else { nil }
  }

  subscript(index: Int) -> JSONValue? {
    if case .array(let values) = self, values.indices.contains(index) { values[index] } else { nil }
  }

  var string: String? { if case .string(let text) = self { text } else { nil } }
  var list: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
  var names: Set<String> { if case .object(let fields) = self { Set(fields.keys) } else { [] } }
}

/// Waits until something is so, for 30 s at most.
func eventually(_ condition: () -> Bool) async throws {
  for _ in 0..<600 {
    if condition() { return }
    try await Task.sleep(for: .milliseconds(50))
  }
  Issue.record("it did not come about in 30 s")
}

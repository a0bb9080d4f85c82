import Foundation
import Hrana
import Synchronization
import Testing

@testable import DurableStore
@testable import RemoteStore

@Suite("Where requests go, and the token with them")
struct RemotePlaceTests {
  private static let token = "a-secret-token"

  /// A server that answers as it is told, and one beside it that nobody is to ask.
  private struct Servers {
    let asked: CuttingProxy
    let other: CuttingProxy
    let backend: RemoteBackend

    init(
      reply: @escaping @Sendable (_ otherPort: UInt16) -> CuttingProxy.Fault
    ) throws {
      // Nothing listens there.
      let other = CuttingProxy(to: 1, fault: { .reply(head: "HTTP/1.1 500 No\r\n", body: "") })
      self.other = other
      asked = CuttingProxy(to: 1, fault: { reply(other.port) })
      let configuration = try RemoteStoreConfiguration(
        url: DatabaseURL("http://127.0.0.1:\(asked.port)"),
        token: .token(AuthToken(RemotePlaceTests.token)))
      backend = RemoteBackend(configuration, pool: PoolConfiguration())
    }

    func close() {
      backend.close()
      asked.close()
      other.close()
    }
  }

  @Test(
    "A redirection is not followed, with the token or without", arguments: [301, 302, 307, 308])
  func redirections(status: Int) async throws {
    let servers = try Servers { port in
      .reply(
        head: "HTTP/1.1 \(status) Moved\r\nlocation: http://127.0.0.1:\(port)/v3/pipeline\r\n",
        body: "")
    }
    defer { servers.close() }
    let error = await #expect(throws: SQLError.self) {
      try await servers.backend.write([SQLStatement("SELECT 1")])
    }
    #expect(error?.kind == .unreachable)
    #expect(error.map { !"\($0)".contains(Self.token) } == true)
    #expect(servers.asked.requests.count == 1)
    #expect(servers.other.requests.isEmpty)
  }

  /// The answer to the beginning of a snapshot, which sends the client on.
  private static func begun(at url: String) -> CuttingProxy.Fault {
    let steps = HranaBatchResult(
      results: [HranaStatementResult(), HranaStatementResult()], errors: [nil, nil])
    let answer = HranaPipelineResponse(
      baton: "b", baseURL: url, results: [.ok(.batch(steps))])
    return .reply(head: "HTTP/1.1 200 OK\r\n", body: answer.text)
  }

  @Test("A server may not send its clients, with their token, to another one")
  func otherPlace() async throws {
    let servers = try Servers { Self.begun(at: "http://127.0.0.1:\($0)") }
    defer { servers.close() }
    let error = await #expect(throws: SQLError.self) {
      try await servers.backend.withSnapshot { snapshot in
        try await snapshot.read([SQLStatement("SELECT 1")])
      }
    }
    #expect(error?.message.contains("not allowed") == true)
    #expect(servers.other.requests.isEmpty)
  }

  @Test("It may send them to another path of its own")
  func samePlace() async throws {
    let port = Mutex<UInt16>(0)
    let servers = try Servers { _ in
      Self.begun(at: "http://127.0.0.1:\(port.withLock { $0 })/moved")
    }
    port.withLock { $0 = servers.asked.port }
    defer { servers.close() }
    _ = await #expect(throws: SQLError.self) {
      try await servers.backend.withSnapshot { snapshot in
        try await snapshot.read([SQLStatement("SELECT 1")])
      }
    }
    #expect(
      servers.asked.requests.prefix(2) == [
        "POST /v3/pipeline HTTP/1.1", "POST /moved/v3/cursor HTTP/1.1",
      ])
  }

  @Test("A server that does not accept the token is told as such, without the token")
  func refusedToken() async throws {
    let servers = try Servers { _ in
      .reply(
        head: "HTTP/1.1 401 Unauthorized\r\n", body: #"{"message":"no","code":"UNAUTHORIZED"}"#)
    }
    defer { servers.close() }
    let error = await #expect(throws: SQLError.self) {
      try await servers.backend.read([SQLStatement("SELECT 1")], cost: .scan)
    }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains("token") && !text.contains(Self.token))
  }
}

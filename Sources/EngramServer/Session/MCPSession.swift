public import Episodes
internal import Synchronization

/// The conversation with one client.
///
/// Requests that carry `io.modelcontextprotocol/protocolVersion` in their `_meta` are of the stateless era (2026-07-28),
/// others of the era that begins with `initialize`; one session takes both.
///
/// ```swift
/// let session = MCPSession(server: server) { await writer.write($0) }
/// if let answer = await session.receive(message).value { await writer.write(answer) }
/// ```
///
/// Messages must be received in the order in which they came. Requests are worked on at once, but those that
/// write one after the other, in this order.
public final class MCPSession: Sendable {
  struct State {
    /// Negotiated by `initialize`.
    var version: ProtocolVersion?
    var unanswered: [JSONValue: Task<JSONValue?, Never>] = [:]
    /// The latest request that writes.
    var lastWrite: Task<Void, Never>?
    /// Resources that a client of the older era subscribed to, as it spelled them.
    var subscriptions: [ResourceURI: String] = [:]
    var subscriber: Task<Void, Never>?
    /// Streams of changes that clients of the newer era listen to.
    var listeners: [JSONValue: EventBacklog] = [:]
    var hasEnded = false
  }

  let server: MCPServer
  let waitForRoom: @Sendable () async -> Void
  let notify: @Sendable (JSONValue) async -> Void
  let state = Mutex(State())

  /// - Parameters:
  ///   - waitForRoom: called before work with the memory is begun; returns when the client has read enough of what
  ///     it was sent, or the caller is cancelled.
  ///   - notify: sends a notification to the client.
  public init(
    server: MCPServer, waitForRoom: @escaping @Sendable () async -> Void = {},
    notify: @escaping @Sendable (JSONValue) async -> Void
  ) {
    self.server = server
    self.waitForRoom = waitForRoom
    self.notify = notify
  }

  /// Takes a message as text.
  ///
  /// - Parameter bytes: one JSON value in UTF-8; not used after the call.
  /// - Returns: the answer to come; nil where none is due.
  public func receive(_ bytes: UnsafeRawBufferPointer) -> Task<JSONValue?, Never> {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      return answer(RPCError.parse("the message is not valid UTF-8").response(to: .null))
    }
    do throws(JSONSyntaxError) {
      return receive(try JSONReader.value(of: bytes))
    } catch {
      return answer(
        RPCError.parse("column \(error.column): \(error.problem)").response(to: .null))
    }
  }

  /// Takes a message.
  ///
  /// - Returns: the answer to come; nil where none is due: to notifications, and to requests that were cancelled.
  public func receive(_ value: JSONValue) -> Task<JSONValue?, Never> {
    receive(value, notify: notify)
  }

  /// As ``receive(_:)``, where what is told while the message is worked on goes another way.
  ///
  /// - Parameter notify: for progress, and for a stream of changes that the message asks for.
  package func receive(
    _ value: JSONValue, notify: @escaping @Sendable (JSONValue) async -> Void
  ) -> Task<JSONValue?, Never> {
    if case .array(let values) = value { return receiveBatch(values, notify) }
    do throws(RPCMessage.Malformed) {
      switch try RPCMessage(value) {
      case .response: return answer(nil)
      case .notification(let method, let params):
        take(method, params)
        return answer(nil)
      case .request(let id, let method, let params):
        return start(id, method, params, notify)
      }
    } catch {
      // A notification is not answered, whatever is wrong with it.
      return answer(error.id.map { error.error.response(to: $0) })
    }
  }

  /// The answer to a message that the transport could not take.
  ///
  /// - Parameter problem: what is wrong with it, and what would be right.
  public static func refusal(_ problem: String) -> JSONValue {
    RPCError.invalidRequest(problem).response(to: .null)
  }

  /// The answer to a text that is no JSON.
  package static func refusal(ofText problem: String) -> JSONValue {
    RPCError.parse(problem).response(to: .null)
  }

  /// The answer to a message that came with a version that is not spoken.
  package static func refusal(ofVersion version: String) -> JSONValue {
    RPCError.unsupportedVersion(version).response(to: .null)
  }

  /// The answer to a message whose headers do not say what it says.
  package static func refusal(ofHeader problem: String, id: JSONValue) -> JSONValue {
    RPCError(-32020, problem).response(to: id)
  }

  /// Ends the session: streams of changes end, and no new request is taken.
  ///
  /// - Parameter cancelling: whether what is not answered yet is given up as well.
  public func end(cancelling: Bool) {
    let (tasks, listeners, subscriber) = state.withLock { state in
      state.hasEnded = true
      defer {
        state.listeners = [:]
        state.subscriber = nil
      }
      return (
        Array(state.unanswered.values), Array(state.listeners.values), state.subscriber
      )
    }
    for listener in listeners { listener.finish() }
    subscriber?.cancel()
    if cancelling { for task in tasks { task.cancel() } }
  }

  func answer(_ value: JSONValue?) -> Task<JSONValue?, Never> { Task { value } }

  /// Messages in a list: a revision of the older era has them.
  private func receiveBatch(
    _ values: [JSONValue], _ notify: @escaping @Sendable (JSONValue) async -> Void
  ) -> Task<JSONValue?, Never> {
    let isAllowed = state.withLock { $0.version?.hasBatches ?? false }
    guard isAllowed, !values.isEmpty, values.count <= server.limits.unansweredMax else {
      return answer(
        RPCError.invalidRequest(
          "a message is an object"
            + (isAllowed
              ? ", or a list of 1 to \(server.limits.unansweredMax) of them"
              : "; lists of messages are not part of this version of the protocol")
        ).response(to: .null))
    }
    let tasks = values.map { value in
      // A list in a list is none of the protocol's.
      if case .array = value { return answer(Self.refusal("a message is an object")) }
      return receive(value, notify: notify)
    }
    return Task {
      var answers: [JSONValue] = []
      for task in tasks { if let value = await task.value { answers.append(value) } }
      return answers.isEmpty ? nil : .array(answers)
    }
  }

  private func take(_ method: String, _ params: [String: JSONValue]) {
    // Others, such as notifications/initialized, ask for nothing.
    guard method == "notifications/cancelled", let id = params["requestId"] else { return }
    let task = state.withLock { state in
      state.listeners.removeValue(forKey: id)?.finish()
      return state.unanswered[id]
    }
    task?.cancel()
  }
}

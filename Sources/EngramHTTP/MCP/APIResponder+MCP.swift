internal import EngramServer
internal import Episodes
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

// The model context protocol over streamable HTTP. In its older era a client opens a session and names it in a
// header; in the newer one each request is its own.
extension APIResponder {
  func answerMCP(_ request: Request, _ share: BodyRoom.Share) async throws -> Response {
    let version = request.headers[MCPHeaders.version]
    if let version, !MCPServer.versions.contains(version) {
      return Response(
        .badRequest, json: MCPSession.refusal(ofVersion: version))
    }
    let isStateless = version.map(MCPServer.statelessVersions.contains) ?? false
    switch request.method {
    case .post: return try await post(request, share, isStateless: isStateless)
    case _ where isStateless:
      throw Problem(
        status: .methodNotAllowed, code: "methodNotAllowed",
        message: "version \(version ?? "") of the protocol has POST alone",
        headers: [.allow: "POST"])
    case .delete:
      let session = try session(of: request)
      defer { session.finish() }
      _ = sessions.end(session.id)
      return Response(status: .noContent)
    default: return try listen(request)
    }
  }

  /// A stream for what a session subscribed to.
  private func listen(_ request: Request) throws(Problem) -> Response {
    guard Self.accepts(request, "text/event-stream") else {
      throw Problem(
        status: .notAcceptable, code: "notAcceptable",
        message: "Accept: expected text/event-stream")
    }
    let session = try session(of: request)
    defer { session.finish() }
    guard let channel = session.openStream() else {
      throw Problem(
        status: .conflict, code: "conflict", message: "the session has a stream already")
    }
    return EventStream.response(channel, pingSeconds: settings.limits.pingSeconds) {
      session.closeStream()
    }
  }

  /// The session that a request names, at work until its ``HTTPSession/finish()``.
  private func session(of request: Request) throws(Problem) -> HTTPSession {
    guard let id = request.headers[MCPHeaders.session] else {
      throw .badRequest("Mcp-Session-Id: is missing; expected the one that initialize returned")
    }
    guard let session = sessions.find(id) else {
      throw Problem(
        status: .notFound, code: "notFound",
        message: "Mcp-Session-Id: there is no such session; send initialize again")
    }
    return session
  }

  private func post(
    _ request: Request, _ share: BodyRoom.Share, isStateless: Bool
  ) async throws -> Response {
    try check(request, type: ["application/json"])
    guard Self.accepts(request, "application/json") else {
      throw Problem(
        status: .notAcceptable, code: "notAcceptable",
        message: "Accept: expected application/json and text/event-stream")
    }
    let bytes = try await withTimeLimit(seconds: settings.limits.requestSeconds) {
      try await body(of: request, share)
    }
    let message: JSONValue
    do {
      message = try Self.json(of: bytes)
    } catch {
      return Response(
        .badRequest, json: MCPSession.refusal(ofText: Problem(error).message))
    }
    let meta = message.object?["params"]?.object?["_meta"]?.object
    let isOfMessage = meta?["io.modelcontextprotocol/protocolVersion"] != nil
    if isStateless || isOfMessage { return try await postStateless(message, request, share) }

    if message.object?["method"]?.string == "initialize" {
      let session = try sessions.open()
      defer { session.finish() }
      let answer = await session.session.receive(message).value
      guard answer?.object?["result"] != nil else {
        _ = sessions.end(session.id)
        return Response(.badRequest, json: answer ?? .null)
      }
      return Response(json: answer ?? .null, headers: [MCPHeaders.session: session.id])
    }
    let session = try session(of: request)
    return try await exchange(message, request, session.session, isStateless: false) {
      withExtendedLifetime(share) { session.finish() }
    }
  }

  private func postStateless(
    _ message: JSONValue, _ request: Request, _ share: BodyRoom.Share
  ) async throws -> Response {
    guard let fields = message.object else {
      return Response(
        .badRequest, json: MCPSession.refusal("the body is one message: an object"))
    }
    // A notification has nothing to act on: a request is given up by closing its stream.
    if fields["id"] == nil, fields["method"] != nil { return Response(status: .accepted) }
    if let problem = MCPHeaders.mismatch(request.headers, fields) {
      return Response(
        .badRequest,
        json: MCPSession.refusal(ofHeader: problem, id: fields["id"] ?? .null))
    }
    let session = try sessions.openExchange()
    return try await exchange(message, request, session, isStateless: true) {
      withExtendedLifetime(share) { sessions.endExchange(session) }
    }
  }

  /// Has a session work on a message. The answer is JSON where it comes first, and a stream of events where
  /// something is told before.
  ///
  /// - Parameter onEnd: called once, when the answer has been given or given up.
  private func exchange(
    _ message: JSONValue, _ request: Request, _ session: MCPSession, isStateless: Bool,
    onEnd: @escaping @Sendable () -> Void
  ) async throws -> Response {
    let channel = MessageChannel()
    let task = session.receive(message) { await channel.send(.notification($0)) }
    // The answer comes after all that is told before it.
    let relay = Task { await channel.send(.answer(await task.value)) }
    let end: @Sendable () -> Void = {
      task.cancel()
      relay.cancel()
      onEnd()
    }
    let isStreaming = Self.accepts(request, "text/event-stream")
    do {
      let first = try await withTimeLimit(seconds: settings.limits.requestSeconds) {
        while let message = await channel.next() {
          if case .answer = message { return message }
          if isStreaming { return message }
        }
        throw CancellationError()
      }
      if case .answer(let answer) = first {
        end()
        guard let answer else { return Response(status: .accepted) }
        return Response(isStateless ? Self.status(of: answer) : .ok, json: answer)
      }
      return EventStream.response(
        channel, first: first, pingSeconds: settings.limits.pingSeconds, onEnd: end)
    } catch {
      channel.close()
      end()
      throw error
    }
  }

  /// Of errors of the newer era. Those of the older one are answers like others: there a 404 says that the session
  /// has ended.
  private static func status(of answer: JSONValue) -> HTTPResponse.Status {
    switch answer.object?["error"]?.object?["code"] {
    case .integer(-32601)?: .notFound
    case .integer(-32020)?, .integer(-32022)?, .integer(-32600)?, .integer(-32700)?: .badRequest
    default: .ok
    }
  }

  private static func accepts(_ request: Request, _ type: String) -> Bool {
    guard let accepted = request.headers[.accept] else { return true }
    let group = type.prefix { $0 != "/" } + "/*"
    return accepted.split(separator: ",").contains { item in
      let name = item.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased()
      return name == type || name == "*/*" || name == group
    }
  }
}

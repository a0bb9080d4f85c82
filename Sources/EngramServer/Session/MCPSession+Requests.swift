internal import Engram
internal import Episodes
internal import Logging
internal import Synchronization

extension MCPSession {
  /// Begins to work on a request.
  func start(
    _ id: JSONValue, _ method: String, _ params: [String: JSONValue],
    _ notify: @escaping @Sendable (JSONValue) async -> Void
  ) -> Task<JSONValue?, Never> {
    let context: RequestContext
    do throws(RPCError) {
      // At once, so that the messages behind it are of the version that it negotiates.
      if method == "initialize" {
        return answer(RPCMessage.result(.object(try initialize(params)), to: id))
      }
      context = try self.context(id, method, params, notify)
    } catch {
      return answer(error.response(to: id))
    }
    return state.withLock { state in
      guard !state.hasEnded else {
        return answer(RPCError.busy("the server is ending").response(to: id))
      }
      guard state.unanswered[id] == nil else {
        return answer(
          RPCError.invalidRequest("id: a request with it has not been answered yet")
            .response(to: id))
      }
      guard state.unanswered.count < server.limits.unansweredMax else {
        return answer(
          RPCError.busy(
            "\(state.unanswered.count) requests have not been answered yet; wait for some of them"
          ).response(to: id))
      }
      let isWrite = Self.isWrite(method, params)
      let previous = isWrite ? state.lastWrite : nil
      let task = Task<JSONValue?, Never> {
        await previous?.value
        let answer = await self.work(on: method, params, context)
        let isCancelled = Task.isCancelled
        self.state.withLock { _ = $0.unanswered.removeValue(forKey: id) }
        return isCancelled ? nil : answer
      }
      state.unanswered[id] = task
      if isWrite { state.lastWrite = Task { _ = await task.value } }
      return task
    }
  }

  /// Whether a request takes turns with others of its session.
  private static func isWrite(_ method: String, _ params: [String: JSONValue]) -> Bool {
    guard method == "tools/call", let name = params["name"]?.text, let tool = Tools.byName[name]
    else { return false }
    return !tool.hints.isReadOnly
  }

  private func initialize(
    _ params: [String: JSONValue]
  ) throws(RPCError) -> [String: JSONValue] {
    guard let requested = params["protocolVersion"]?.text else {
      throw .invalidParams(
        "protocolVersion", "is missing", expected: "a version such as 2025-11-25")
    }
    let known = ProtocolVersion(rawValue: requested).flatMap { $0.isStateless ? nil : $0 }
    let version = known ?? .latestHandshake
    let isFirst = state.withLock { state in
      defer { state.version = state.version ?? version }
      return state.version == nil
    }
    guard isFirst else { throw .invalidRequest("the session has been initialized before") }
    return [
      "protocolVersion": .string(version.rawValue), "capabilities": server.capabilities(version),
      "serverInfo": server.info, "instructions": .string(MCPServer.instructions),
    ]
  }

  /// Finds out of which era a request is.
  private func context(
    _ id: JSONValue, _ method: String, _ params: [String: JSONValue],
    _ notify: @escaping @Sendable (JSONValue) async -> Void
  ) throws(RPCError) -> RequestContext {
    let meta = params["_meta"]?.fields ?? [:]
    let version: ProtocolVersion
    if let named = meta[MetaKey.protocolVersion] {
      guard let name = named.text else {
        throw .invalidParams(
          "_meta.\(MetaKey.protocolVersion)", "is \(named.kindDescription)", expected: "a string")
      }
      guard let found = ProtocolVersion(rawValue: name), found.isStateless else {
        throw .unsupportedVersion(name)
      }
      guard meta[MetaKey.clientCapabilities]?.fields != nil else {
        throw .invalidParams(
          "_meta.\(MetaKey.clientCapabilities)", "is missing", expected: "an object")
      }
      version = found
    } else if method == "server/discover" {
      throw .invalidParams(
        "_meta.\(MetaKey.protocolVersion)", "is missing", expected: "a version such as 2026-07-28")
    } else if let negotiated = state.withLock(\.version) {
      version = negotiated
    } else if method == "ping" {
      version = .latestHandshake
    } else {
      throw .invalidRequest(
        "the session has not been initialized: send initialize first, or name the version in _meta")
    }
    var token = meta["progressToken"]
    switch token {
    case .string, .integer, nil: break
    default: token = nil
    }
    return RequestContext(
      id: id, version: version, progress: ProgressReporter(token: token, notify: notify),
      notify: notify)
  }

  private func work(
    on method: String, _ params: [String: JSONValue], _ context: RequestContext
  ) async -> JSONValue? {
    do {
      let result = try await self.result(of: method, params, context)
      return RPCMessage.result(.object(complete(result, of: method, context)), to: context.id)
    } catch let error as RPCError {
      return error.response(to: context.id)
    } catch is CancellationError {
      return RPCError.inside("cancelled").response(to: context.id)
    } catch let error as EngramError {
      server.logger.warning("\(method): \(error)")
      return RPCError.inside(error.message).response(to: context.id)
    } catch {
      server.logger.error("\(method): \(error)")
      return RPCError.inside("the request failed; see the log").response(to: context.id)
    }
  }

  private func result(
    of method: String, _ params: [String: JSONValue], _ context: RequestContext
  ) async throws -> [String: JSONValue] {
    // What needs no memory never waits for those who do.
    switch method {
    case "ping" where !context.version.isStateless: return [:]
    case "server/discover" where context.version.isStateless: return discover()
    case "tools/list": return try listTools(params, context)
    case "resources/templates/list": return try listResourceTemplates(params, context)
    case "prompts/list": return try listPrompts(params, context)
    case "resources/subscribe" where !context.version.isStateless:
      return try await subscribe(params, context)
    case "resources/unsubscribe" where !context.version.isStateless:
      return try unsubscribe(params, context)
    // Goes on for as long as the client likes, and does nothing.
    case "subscriptions/listen" where context.version.isStateless:
      return try await listen(params, context)
    case "tools/call": return try await callTool(params, context)
    case "resources/list":
      return try await working { try await self.listResources(params, context) }
    case "resources/read":
      return try await working { try await self.readResource(params, context) }
    case "prompts/get": return try await working { try await self.getPrompt(params, context) }
    case "completion/complete" where context.version >= .march2025:
      return try await working { try await self.completeArgument(params, context) }
    default: throw RPCError.unknownMethod(method)
    }
  }

  /// Runs `body` when the client has room for more answers, the memory is open, and a place is free, in this order:
  /// who waits takes no place from others.
  private func working(
    _ body: @Sendable () async throws -> [String: JSONValue]
  ) async throws -> [String: JSONValue] {
    await waitForRoom()
    _ = try await server.gate.memory()
    return try await server.limiter.run(body)
  }

  private func discover() -> [String: JSONValue] {
    [
      "supportedVersions": .array(ProtocolVersion.stateless.map { .string($0.rawValue) }),
      "capabilities": server.capabilities(.july2026),
      "instructions": .string(MCPServer.instructions),
    ]
  }

  /// Adds what every result of the stateless era has.
  private func complete(
    _ result: [String: JSONValue], of method: String, _ context: RequestContext
  ) -> [String: JSONValue] {
    guard context.version.isStateless else { return result }
    var result = result
    result["resultType"] = "complete"
    var meta = result["_meta"]?.fields ?? [:]
    meta[MetaKey.serverInfo] = server.info
    result["_meta"] = .object(meta)
    switch method {
    case "server/discover", "tools/list", "prompts/list", "resources/templates/list":
      // They are the program's, and change with it alone.
      result["ttlMs"] = 3_600_000
      result["cacheScope"] = "public"
    case "resources/list", "resources/read":
      result["ttlMs"] = 0
      result["cacheScope"] = "private"
    default: break
    }
    return result
  }
}

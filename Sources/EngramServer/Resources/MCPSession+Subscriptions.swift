internal import Engram
internal import Episodes
internal import Synchronization

// The older era subscribes to one resource after the other; the newer one listens to a stream that says for what.
extension MCPSession {
  func subscribe(
    _ params: [String: JSONValue], _ context: RequestContext
  ) async throws -> [String: JSONValue] {
    let (uri, name) = try resource(params, context)
    try await startSubscriber()
    try state.withLock { state in
      guard
        state.subscriptions[uri] != nil
          || state.subscriptions.count < server.limits.subscriptionsMax
      else { throw RPCError.busy("there are \(state.subscriptions.count) subscriptions already") }
      state.subscriptions[uri] = name
    }
    return [:]
  }

  func unsubscribe(
    _ params: [String: JSONValue], _ context: RequestContext
  ) throws -> [String: JSONValue] {
    let (uri, _) = try resource(params, context)
    state.withLock { _ = $0.subscriptions.removeValue(forKey: uri) }
    return [:]
  }

  private func resource(
    _ params: [String: JSONValue], _ context: RequestContext
  ) throws(RPCError) -> (uri: ResourceURI, name: String) {
    let name = try context.text("uri", params)
    guard let uri = ResourceURI(name) else { throw .unknownResource(name, context.version) }
    return (uri, name)
  }

  /// Passes changes of subscribed resources on, from the first subscription to the end of the session.
  private func startSubscriber() async throws {
    if state.withLock({ $0.subscriber != nil }) { return }
    let backlog = EventBacklog { [weak self] event in
      self?.state.withLock { state in
        switch event {
        case .changed(let uri): state.subscriptions[uri] != nil
        case .anything: true
        case .listChanged: false
        }
      } ?? false
    }
    let listener = try await server.watcher.listen { backlog.add($0) }
    let task = Task { [weak self, watcher = server.watcher] in
      for await _ in backlog.signals { await self?.pass(backlog.take()) }
      watcher.stop(listener)
    }
    let isSecond = state.withLock { state in
      if state.subscriber != nil || state.hasEnded { return true }
      state.subscriber = task
      return false
    }
    if isSecond { task.cancel() }
  }

  private func pass(_ events: [MemoryEvent]) async {
    for event in events {
      switch event {
      case .changed(let uri):
        // Unsubscribed meanwhile: nobody wants to know.
        guard let name = state.withLock({ $0.subscriptions[uri] }) else { continue }
        await notify(Self.updated(name, meta: nil))
      case .anything:
        for name in state.withLock({ $0.subscriptions.values.sorted() }) {
          await notify(Self.updated(name, meta: nil))
        }
      case .listChanged: break
      }
    }
  }

  /// Serves a stream of changes until the client gives it up, or the session ends.
  func listen(
    _ params: [String: JSONValue], _ context: RequestContext
  ) async throws -> [String: JSONValue] {
    let wanted = try context.object("notifications", params)
    let names = wanted["resourceSubscriptions"]?.values?.compactMap(\.text) ?? []
    guard names.count <= server.limits.subscriptionsMax else {
      throw RPCError.invalidParams(
        "notifications.resourceSubscriptions", "has \(names.count) resources",
        expected: "at most \(server.limits.subscriptionsMax)")
    }
    let uris = Dictionary(
      names.compactMap { name in ResourceURI(name).map { ($0, name) } },
      uniquingKeysWith: { first, _ in first })
    let wantsList = wanted["resourcesListChanged"] == .bool(true)
    let backlog = EventBacklog { event in
      switch event {
      case .changed(let uri): uris[uri] != nil
      case .listChanged: wantsList
      case .anything: true
      }
    }
    // Its answer may never come, after which the transport would do so.
    server.gate.warmUp()
    let listener = try await server.watcher.listen { backlog.add($0) }
    defer { server.watcher.stop(listener) }
    try state.withLock { state in
      guard state.listeners.count < server.limits.subscriptionsMax else {
        throw RPCError.busy("there are \(state.listeners.count) streams of changes already")
      }
      if state.hasEnded { backlog.finish() }
      state.listeners[context.id] = backlog
    }
    defer { state.withLock { _ = $0.listeners.removeValue(forKey: context.id) } }

    let meta: [String: JSONValue] = [MetaKey.subscriptionID: context.id]
    var honored: [String: JSONValue] = [:]
    if wantsList { honored["resourcesListChanged"] = true }
    if !uris.isEmpty {
      honored["resourceSubscriptions"] = .array(uris.values.sorted().map(JSONValue.string))
    }
    await context.notify(
      RPCMessage.notification(
        "notifications/subscriptions/acknowledged",
        ["notifications": .object(honored), "_meta": .object(meta)]))
    for await _ in backlog.signals {
      for event in backlog.take() {
        for notification in Self.notifications(of: event, uris, wantsList, meta) {
          await context.notify(notification)
        }
      }
    }
    return ["_meta": .object(meta)]
  }

  private static func notifications(
    of event: MemoryEvent, _ uris: [ResourceURI: String], _ wantsList: Bool,
    _ meta: [String: JSONValue]
  ) -> [JSONValue] {
    switch event {
    case .changed(let uri): return uris[uri].map { [updated($0, meta: meta)] } ?? []
    case .listChanged: return [listChanged(meta)]
    case .anything:
      let all = uris.values.sorted().map { updated($0, meta: meta) }
      return all + (wantsList ? [listChanged(meta)] : [])
    }
  }

  /// - Parameter name: the resource, as the client spelled it.
  private static func updated(_ name: String, meta: [String: JSONValue]?) -> JSONValue {
    var params: [String: JSONValue] = ["uri": .string(name)]
    if let meta { params["_meta"] = .object(meta) }
    return RPCMessage.notification("notifications/resources/updated", params)
  }

  private static func listChanged(_ meta: [String: JSONValue]) -> JSONValue {
    RPCMessage.notification(
      "notifications/resources/list_changed", ["_meta": .object(meta)])
  }
}

internal import Engram
internal import EngramServer
internal import Episodes
internal import Foundation
internal import HTTPTypes
internal import HranaHTTP
internal import Hummingbird
internal import Logging
internal import Sync

/// Answers requests: checks who asks, finds what is asked, and tells what became of it.
struct APIResponder: HTTPResponder {
  typealias Context = APIContext

  let gate: MemoryGate
  let settings: HTTPSettings
  let mcp: MCPServer
  let sessions: MCPSessions
  let metrics = ServerMetrics()
  let exports = ExportPlaces(count: 2)
  let bodies: BodyRoom
  let hrana: HranaResponder?
  let logger: Logger
  private let policy: HostPolicy
  private let rates: RateLimiter
  private let routes: RouteTable<Target>

  init(mcp: MCPServer, settings: HTTPSettings, logger: Logger) {
    gate = mcp.gate
    self.settings = settings
    self.mcp = mcp
    self.logger = logger
    bodies = BodyRoom(bytesMax: settings.limits.bodiesBytesMax)
    sessions = MCPSessions(server: mcp, limits: settings.limits)
    policy = HostPolicy(settings)
    rates = RateLimiter(perSecond: settings.limits.requestsPerSecond)
    hrana = HranaResponder(settings)
    routes = Target.table(hrana: hrana != nil)
  }

  func respond(to request: Request, context: APIContext) async throws -> Response {
    let clock = ContinuousClock()
    let start = clock.now
    let requestID = Self.identifier(of: request)
    let atWork = metrics.began()
    var route = "(none)"
    var response: Response
    do {
      response = try await answer(request, context, atWork: atWork, &route)
    } catch {
      let problem = Problem(error)
      if problem.status.kind == .serverError {
        logger.error(
          "\(request.method) \(route): \(error)", metadata: ["requestID": "\(requestID)"])
      }
      response = Response(
        problem.status, json: problem.json(requestID: requestID), headers: problem.headers)
    }
    if request.method == .head { response = response.createHeadResponse() }
    response.headers[.requestID] = requestID
    response.headers[.cacheControl] = response.headers[.cacheControl] ?? "no-store"
    response.headers[.xContentTypeOptions] = "nosniff"
    // Reads ask nothing of a body, and refusals have not read it to its end.
    if Self.hasBody(request), response.status.code >= 400 || !Self.readsBody(request.method) {
      response.headers[.connection] = "close"
      // Not before the answer is written, which takes an export or a stream of events as long as it takes.
      let body = response.body
      response.body = ResponseBody(contentLength: body.contentLength) { writer in
        defer { context.closeSoon() }
        try await body.write(writer)
      }
    }
    if let origin = policy.allowed(request.headers[.origin]) {
      response.headers[.accessControlAllowOrigin] = origin
      response.headers[.vary] = "Origin"
      response.headers[.accessControlExposeHeaders] = "X-Request-Id, Mcp-Session-Id"
    }
    let seconds = (clock.now - start) / .seconds(1)
    metrics.ended(
      .init(method: request.method.rawValue, route: route, status: response.status.code),
      seconds: seconds)
    logger.info(
      "request",
      metadata: [
        "requestID": "\(requestID)", "method": "\(request.method.rawValue)", "route": "\(route)",
        "status": "\(response.status.code)", "address": "\(context.address)",
        "milliseconds": "\((seconds * 1e6).rounded() / 1000)",
      ])
    return response
  }

  private static func hasBody(_ request: Request) -> Bool {
    request.headers[.transferEncoding] != nil
      || request.headers[.contentLength].map { $0 != "0" } ?? false
  }

  private static func readsBody(_ method: HTTPRequest.Method) -> Bool {
    method == .post || method == .patch || method == .put
  }

  private func answer(
    _ request: Request, _ context: APIContext, atWork: Int, _ route: inout String
  ) async throws -> Response {
    if let problem = policy.problem(
      authority: request.head.authority, origin: request.headers[.origin],
      site: Self.isOpeningPage(request) ? nil : request.headers[.fetchSite])
    {
      throw Problem(status: .forbidden, code: "forbidden", message: problem)
    }
    guard rates.allows(context.address) else {
      throw Problem(
        status: .tooManyRequests, code: "tooManyRequests",
        message: "more than \(settings.limits.requestsPerSecond) requests in a second",
        headers: [.retryAfter: "1"])
    }
    let parts = (request.head.path ?? "").split(
      separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let method: HTTPRequest.Method = request.method == .head ? .get : request.method
    let match = routes.match(parts.first ?? "", method)
    if let match { route = match.template.text }
    if request.method == .options, policy.allowed(request.headers[.origin]) != nil {
      return Self.preflight
    }
    let target = match?.targets[method]
    try authorize(request, for: target)
    guard let match else { throw Problem.unknownPath }
    guard let target else {
      throw Problem(
        status: .methodNotAllowed, code: "methodNotAllowed",
        message: "\(request.method.rawValue) is not for this path; expected \(match.methods)",
        headers: [.allow: match.methods])
    }
    guard atWork <= settings.limits.requestsMax || target.isOpen else {
      throw Problem.busy("\(settings.limits.requestsMax) requests are at work already")
    }
    guard let query = QueryString.items(parts.count > 1 ? parts[1] : "") else {
      throw Problem.badRequest(
        "the query has an escape that is none; expected % and two hexadecimal digits")
    }
    return try await answer(request, target, match.values, query)
  }

  /// Whether somebody follows a link to the page. Who links to it sees nothing of it, and can do nothing in it.
  private static func isOpeningPage(_ request: Request) -> Bool {
    request.head.path == "/" && request.method == .get
      && request.headers[.fetchMode] == "navigate"
      && request.headers[.fetchDestination] == "document"
  }

  private func answer(
    _ request: Request, _ target: Target, _ values: [String: String],
    _ query: [(name: String, value: String)]
  ) async throws -> Response {
    let seconds = settings.limits.requestSeconds
    let share = bodies.share()
    defer { withExtendedLifetime(share) {} }
    switch target {
    case .page(let file): return file.response(to: request)
    case .operation(let operation):
      return try await withTimeLimit(seconds: seconds) {
        let body = operation.hasBody ? try await json(of: request, share) : nil
        let arguments = try operation.arguments(values: values, query: query, body: body)
        return Response(operation.status, json: try await operation.tool.run(arguments, mcp.call()))
      }
    case .health: return Response(json: ["status": "ok"])
    case .ready: return await readiness()
    case .metrics: return await metricsText()
    case .openAPI:
      return Response(
        json: OpenAPIDocument.value(version: mcp.version, needsToken: settings.token != nil))
    case .importRecords: return try await importRecords(request, query, share)
    case .exportRecords: return try exportRecords(query)
    case .mcp: return try await answerMCP(request, share)
    case .hrana(let endpoint):
      return try await answerHrana(request, endpoint, share)
    }
  }

  private func authorize(_ request: Request, for target: Target?) throws(Problem) {
    if case .hrana = target { return }
    guard let token = settings.token, !(target?.isOpen ?? false) else { return }
    guard token.isIn(request.headers[.authorization]) else {
      throw Problem(
        status: .unauthorized, code: "unauthorized",
        message: "Authorization: expected 'Bearer' and the token of this server",
        headers: [.wwwAuthenticate: "Bearer"])
    }
  }

  private static let preflight = Response(
    status: .noContent,
    headers: [
      .accessControlAllowMethods: "GET, POST, PUT, PATCH, DELETE",
      .accessControlAllowHeaders:
        "Authorization, Content-Type, X-Request-Id, Mcp-Session-Id, Mcp-Protocol-Version, Mcp-Method, Mcp-Name, Last-Event-Id",
      .accessControlMaxAge: "600",
    ])

  /// The client's own, if it is one that a log can show.
  private static func identifier(of request: Request) -> String {
    if let given = request.headers[.requestID], (1...128).contains(given.utf8.count),
      given.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    {
      return given
    }
    return Identifier.make(at: Timestamp(secondsSince1970: Date().timeIntervalSince1970))
  }

  private func readiness() async -> Response {
    guard gate.isOpen, let memory = try? await gate.memory() else {
      gate.warmUp()
      return Response(.serviceUnavailable, json: ["status": "opening"])
    }
    let isAway = memory.isStoreAway
    return Response(
      isAway ? .serviceUnavailable : .ok,
      json: ["status": isAway ? "storeAway" : "ready", "model": .string(gate.model.name)])
  }

  private func metricsText() async -> Response {
    var text = PrometheusText()
    text.add(
      "engram_info", "The program.", type: "gauge", [("", [("version", mcp.version)], 1)])
    text.add(metrics.snapshot)
    text.gauge(
      "engram_mcp_sessions", "Sessions of the model context protocol.", Double(sessions.count))
    text.gauge(
      "engram_http_body_bytes", "Bytes of the bodies of requests at work.",
      Double(bodies.takenBytes))
    text.gauge(
      "engram_model_ready", "1 when the embedding model is loaded.", gate.model == .ready ? 1 : 0)
    text.gauge("engram_memory_open", "1 when the memory is open.", gate.isOpen ? 1 : 0)
    if gate.isOpen, let memory = try? await gate.memory() { await text.add(memory) }
    return Response(text: text.text, type: "text/plain; version=0.0.4; charset=utf-8")
  }
}

extension HTTPField.Name {
  static let requestID = Self("X-Request-Id")!
  static let fetchSite = Self("Sec-Fetch-Site")!
  static let fetchMode = Self("Sec-Fetch-Mode")!
  static let fetchDestination = Self("Sec-Fetch-Dest")!
}

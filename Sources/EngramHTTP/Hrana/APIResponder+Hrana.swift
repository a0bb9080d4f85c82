internal import HTTPTypes
internal import HranaHTTP
internal import Hummingbird
internal import NIOCore

extension APIResponder {
  /// Its body has its share of the room for bodies, and as long to come as those of other requests. That of a cursor
  /// has it until its rows are taken: its statements are kept until then.
  func answerHrana(
    _ request: Request, _ endpoint: HranaEndpoint, _ share: BodyRoom.Share
  ) async throws(Problem) -> Response {
    guard let hrana else { throw Problem.unknownPath }
    let seconds = settings.limits.requestSeconds
    var response = await hrana.respond(to: request, endpoint) {
      () async throws(HranaBodyRefusal) in
      do {
        return try await withTimeLimit(seconds: seconds) { try await body(of: request, share) }
      } catch {
        throw HranaBodyRefusal(Problem(error))
      }
    }
    guard endpoint == .cursor else { return response }
    let rows = response.body
    response.body = ResponseBody(contentLength: rows.contentLength) { writer in
      defer { withExtendedLifetime(share) {} }
      try await rows.write(writer)
    }
    return response
  }
}

extension HranaBodyRefusal {
  fileprivate init(_ problem: Problem) {
    let code =
      switch problem.status {
      case .contentTooLarge: "REQUEST_TOO_LARGE"
      case .serviceUnavailable: "SERVER_BUSY"
      case .gatewayTimeout: "REQUEST_TIMEOUT"
      default: "BAD_REQUEST"
      }
    self.init(
      status: problem.status, code: code, message: problem.message, headers: problem.headers)
  }
}

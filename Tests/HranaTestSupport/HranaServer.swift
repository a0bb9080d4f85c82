internal import HTTPTypes
internal import HranaHTTP
public import HranaSessions
internal import Hummingbird
internal import Logging
internal import NIOCore

/// Serves a database to libSQL clients, and nothing else. Without the bounds of `engram serve`: for tests.
public struct HranaServer: Sendable {
  private let responder: HranaResponder
  private let host: String
  private let port: Int
  private let onRunning: @Sendable (Int) async -> Void

  /// - Parameters:
  ///   - port: 0 for any that is free.
  ///   - access: what a client may do, by the value of its `Authorization` header.
  ///   - onRunning: called with the port when requests are taken.
  public init(
    service: HranaService, host: String = "127.0.0.1", port: Int = 0,
    access: @escaping @Sendable (_ authorization: String?) -> HranaAccess?,
    onRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) {
    responder = HranaResponder(service: service, access: access)
    self.host = host
    self.port = port
    self.onRunning = onRunning
  }

  /// Serves until the task is cancelled.
  public func run() async throws {
    var logger = Logger(label: "engram.hrana")
    logger.logLevel = .error
    let application = Application(
      responder: CallbackResponder { [responder] (request: Request, _: BasicRequestContext) in
        let path = request.uri.path
        let match = HranaEndpoint.all.first { $0.method == request.method && $0.path == path }
        guard let match else { return Response(status: .notFound) }
        return await responder.respond(to: request, match.endpoint)
      },
      configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
      onServerRunning: { [onRunning, port] channel in
        await onRunning(channel.localAddress?.port ?? port)
      },
      logger: logger)
    try await application.run()
  }
}

public import EngramServer
internal import Foundation
internal import HTTPTypes
internal import HranaHTTP
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
public import Logging
internal import NIOCore
public import ServiceLifecycle

/// Serves a memory over HTTP: a JSON API under `/v1`, the model context protocol at `/mcp`, and what watches a
/// server asks for.
///
/// ```swift
/// let server = EngramHTTPServer(mcp: MCPServer(gate: gate, version: "1.0"), settings: HTTPSettings())
/// try await server.run()
/// ```
///
/// On graceful shutdown it takes no more requests, and answers those that it has. It does not close the memory.
public struct EngramHTTPServer: Service {
  private let mcp: MCPServer
  private let settings: HTTPSettings
  private let logger: Logger
  private let onRunning: @Sendable (Int) async -> Void

  /// - Parameters:
  ///   - mcp: the memory's door for agents; the API goes through the same tools, and its limits on work hold for
  ///     both.
  ///   - onRunning: called with the port when requests are taken.
  public init(
    mcp: MCPServer, settings: HTTPSettings, logger: Logger = Logger(label: "engram.http"),
    onRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) {
    self.mcp = mcp
    self.settings = settings
    self.logger = logger
    self.onRunning = onRunning
  }

  /// Serves until the task is cancelled, or a graceful shutdown has come to its end.
  ///
  /// - Throws: ``HTTPSettingsError``; what the system says where the port cannot be bound.
  public func run() async throws {
    try settings.validate()
    guard mcp.namespace == nil else {
      throw HTTPSettingsError(
        problem: "the memory's door is bound to a namespace, and HTTP serves all of them")
    }
    let responder = APIResponder(mcp: mcp, settings: settings, logger: logger)
    let limits = settings.limits
    let plain = HTTPServerBuilder.http1(
      configuration: .init(
        additionalChannelHandlers: [StalledReaderHandler(seconds: limits.stallSeconds)],
        idleTimeout: .milliseconds(Int64(limits.idleSeconds * 1000)),
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 64 << 10, maxHeaderFieldCount: 100)))
    let builder = try settings.identity.map {
      try HTTPServerBuilder.tls(plain, tlsConfiguration: $0.configuration)
    }
    let application = Application(
      responder: responder,
      server: builder ?? plain,
      configuration: ApplicationConfiguration(
        address: .hostname(settings.host, port: settings.port),
        availableConnectionsDelegate: MaximumAvailableConnections(limits.connectionsMax)),
      onServerRunning: { channel in
        await onRunning(channel.localAddress?.port ?? settings.port)
      },
      logger: Self.quiet(logger))
    mcp.gate.warmUp()
    defer {
      responder.sessions.endAll()
      responder.hrana?.close()
    }
    do {
      try await withGracefulShutdownHandler {
        do {
          try await application.run()
        } catch {
          await mcp.builds.stop()
          throw error
        }
        await mcp.builds.stop()
      } onGracefulShutdown: {
        // Streams would never end by themselves.
        responder.sessions.endAll()
        // No client comes back to them, and a transaction keeps all others from writing.
        responder.hrana?.close()
      }
    } catch let error as IOError where error.errnoCode == EADDRINUSE {
      throw HTTPSettingsError(
        problem: "port \(settings.port) of '\(settings.host)' is taken; expected one that is free")
    }
  }

  /// What the library tells of itself is for those who look for faults.
  private static func quiet(_ logger: Logger) -> Logger {
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    return quiet
  }
}

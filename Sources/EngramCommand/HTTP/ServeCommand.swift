internal import ArgumentParser
internal import Engram
internal import EngramHTTP
internal import EngramServer
internal import Foundation
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// `engram serve`: the memory over HTTP.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve the memory over HTTP: a page, a JSON API, and the model context protocol.",
    discussion: """
      The page at / is for people: search, episodes, patterns, a map, health, measurements. The API is under /v1, described by /v1/openapi.json; agents use /mcp; /healthz, /readyz and /metrics are for \
      what watches a server. It listens on this machine alone unless --host says otherwise, which needs a token. \
      The token is read from --token-file or ENGRAM_HTTP_TOKEN, so that no list of processes shows it; then each \
      request but those for the page, /healthz and /readyz must bring it: 'Authorization: Bearer TOKEN'; the page \
      asks for it. With --certificate and --key it speaks HTTPS alone, TLS 1.2 or later. It ends on SIGTERM and SIGINT, after what was asked has been answered. Logs go to standard error.

      EXAMPLES
        engram serve
        engram serve --port 9000 --log-format json --log-level info
        head -c 32 /dev/urandom | base64 > token; chmod 600 token
        engram serve --host 0.0.0.0 --token-file token --allow-host memory.example
        engram serve --hrana --token-file token
      """)

  @OptionGroup var location: HomeOptions

  @Option(help: ArgumentHelp("The address to listen on.", valueName: "address"))
  var host = "127.0.0.1"

  @Option(help: "The port to listen on; 0 for any that is free.")
  var port = 8484

  @Option(
    help: ArgumentHelp(
      "A file with the token that requests must bring; nobody else may read it.", valueName: "file")
  )
  var tokenFile: String?

  @Option(
    help: ArgumentHelp(
      "A name under which clients may ask, beside those of this machine; give it again for several.",
      valueName: "name"))
  var allowHost: [String] = []

  @Option(
    help: ArgumentHelp(
      "An origin of web pages that may ask, such as https://app.example; give it again for several.",
      valueName: "origin"))
  var allowOrigin: [String] = []

  @Option(
    help: ArgumentHelp(
      "A PEM file with the server's certificate, and its issuers' after it: HTTPS. Default: "
        + "ENGRAM_HTTP_CERTIFICATE.", valueName: "file"))
  var certificate: String?

  @Option(
    help: ArgumentHelp(
      "A PEM file with its private key, which others may not read. Default: ENGRAM_HTTP_KEY.",
      valueName: "file"))
  var key: String?

  @Flag(
    help: ArgumentHelp(
      "Serve the durable store to libSQL clients too, under /v2 and /v3 (Hrana).",
      discussion:
        "Whoever may ask this server may then run SQL on the store, and write to its tables past the checks of the API."
    ))
  var hrana = false

  @Option(
    help: ArgumentHelp(
      "A file with a token whose bearer may read by SQL, and nothing else; with --hrana.",
      valueName: "file"))
  var hranaReadTokenFile: String?

  @Option(help: "Requests of one address in a second; 0 for any.")
  var rateLimit = 10_000

  @Option(
    help: ArgumentHelp(
      "The folder that clients may have backups made in, by name; none where it is not given.",
      valueName: "folder"))
  var backupFolder: String?

  @Option(help: "Seconds that a request may take.")
  var timeout = 60.0

  @Option(help: "text, or json: an object a line.")
  var logFormat: LogFormat = .text

  @Option(help: "What is logged: error, warning, info (each request), debug.")
  var logLevel: LogLevel = .warning

  enum LogFormat: String, ExpressibleByArgument, CaseIterable { case text, json }
  enum LogLevel: String, ExpressibleByArgument, CaseIterable { case error, warning, info, debug }

  func validate() throws {
    if rateLimit < 0 {
      throw ArgumentParser.ValidationError("--rate-limit is \(rateLimit); expected 0 or more")
    }
    if hranaReadTokenFile != nil, !hrana {
      throw ArgumentParser.ValidationError(
        "--hrana-read-token-file says who may read by SQL, which needs --hrana")
    }
    if !(timeout > 0 && timeout.isFinite) {
      throw ArgumentParser.ValidationError("--timeout is \(timeout); expected more than 0 seconds")
    }
    var isFolder: ObjCBool = false
    if let backupFolder,
      !FileManager.default.fileExists(atPath: backupFolder, isDirectory: &isFolder)
        || !isFolder.boolValue
    {
      throw ArgumentParser.ValidationError(
        "--backup-folder is '\(backupFolder)'; expected a folder that is there")
    }
  }

  func run() async throws {
    // A client that has gone is noticed by the write that fails.
    signal(SIGPIPE, SIG_IGN)
    var settings = HTTPSettings(
      host: host, port: port, token: try HTTPTokenFile.token(path: tokenFile),
      allowedHosts: Set(allowHost), allowedOrigins: Set(allowOrigin))
    settings.limits.requestsPerSecond = rateLimit
    settings.limits.requestSeconds = timeout
    let options = try options()
    let configuration = try options.configuration(of: options.namespace)
    if let shards = options.shards {
      logger.warning("\(shards.served(options.namespace))")
    }
    if let backupFolder {
      do throws(EngramError) {
        try configuration.home.checkOutputFolder(backupFolder)
      } catch {
        throw CommandFailure("--backup-folder: \(error)", status: .usage)
      }
    }
    if hrana, configuration.openStore != nil {
      throw CommandFailure(
        "--hrana serves the store in the home folder, and --database-url or "
          + "\(SettingKey.databaseURL.variable) names one elsewhere",
        status: .usage)
    }
    if hrana {
      settings.hrana = HranaSettings(
        databasePath: configuration.home.databasePath,
        readToken: try hranaReadTokenFile.flatMap {
          try HTTPTokenFile.token(path: $0, option: "--hrana-read-token-file")
        })
    }
    do throws(HTTPSettingsError) {
      settings.identity = try Self.identity(options)
      try settings.validate()
    } catch {
      throw CommandFailure("\(error)", status: .usage)
    }
    for warning in settings.identity?.warnings ?? [] { logger.warning("\(warning)") }
    let gate = MemoryGate(configuration)
    // Opened before requests are taken: what is wrong with it is seen at once.
    _ = try await gate.memory()
    let path = configuration.home.path
    let name = host.contains(":") ? "[\(host)]" : host
    let scheme = settings.identity == nil ? "http" : "https"
    let server = EngramHTTPServer(
      mcp: MCPServer(
        gate: gate, version: EngramVersion.current,
        backupFolder: backupFolder.map { URL(fileURLWithPath: $0).standardizedFileURL.path }),
      settings: settings,
      logger: logger
    ) { port in
      Terminal.writeLine("serving \(path) at \(scheme)://\(name):\(port)")
    }
    var serving = ServiceGroupConfiguration(
      services: [.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup)],
      gracefulShutdownSignals: [.sigterm, .sigint], logger: Self.quiet(logger))
    // Clients that do not read what they asked for must not keep the program.
    serving.maximumGracefulShutdownDuration = .seconds(30)
    let group = ServiceGroup(configuration: serving)
    do {
      try await group.run()
    } catch is CancellationError {
      logger.warning("what had not ended 30 s after the signal was broken off")
    } catch let error as HTTPSettingsError {
      await gate.close()
      throw CommandFailure("\(error)", status: .usage)
    } catch {
      await gate.close()
      throw error
    }
    await gate.close()
  }

  private func options() throws -> Settings {
    let given = [
      SettingKey.httpCertificate.name: certificate, SettingKey.httpKey.name: key,
    ].compactMapValues(\.self)
    return try location.settings(with: given)
  }

  private static func identity(
    _ options: Settings
  ) throws(HTTPSettingsError) -> TLSIdentity? {
    let paths = [SettingKey.httpCertificate, .httpKey].map { key in
      options[key].map { UserPath.expanded($0, environment: options.environment) }
    }
    switch (paths[0], paths[1]) {
    case (nil, nil): return nil
    case (let certificate?, let key?):
      return try TLSIdentity(certificatePath: certificate, keyPath: key)
    case (let certificate, _):
      let (set, missing) = certificate == nil ? ("key", "certificate") : ("certificate", "key")
      throw HTTPSettingsError(
        problem: "--\(set) is set and --\(missing) is not; expected both, or none")
    }
  }

  private var logger: Logger {
    var logger = Logger(label: "engram.http") { label in
      switch logFormat {
      case .text: StreamLogHandler.standardError(label: label)
      case .json: JSONLogHandler(label: label)
      }
    }
    logger.logLevel = Logger.Level(rawValue: logLevel.rawValue) ?? .warning
    return logger
  }

  private static func quiet(_ logger: Logger) -> Logger {
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    return quiet
  }
}

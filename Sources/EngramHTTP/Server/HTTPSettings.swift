/// Where and for whom the server is there.
public struct HTTPSettings: Sendable {
  /// The address to bind; only this machine reaches the loopback one.
  public var host: String
  /// 0 for any that is free.
  public var port: Int
  /// What requests must bring; nil where none is needed, which is for loopback addresses only.
  public var token: BearerToken?
  /// Names under which clients may ask for the server, beside those of the loopback address; empty with a host
  /// that is none for any.
  public var allowedHosts: Set<String>
  /// Origins of web pages that may ask, such as `https://app.example`, beside the server's own.
  public var allowedOrigins: Set<String>
  /// With what the server proves who it is; nil for plain HTTP.
  public var identity: TLSIdentity?
  public var limits: HTTPLimits
  /// Whether and how libSQL clients are served; nil to have no paths for them.
  public var hrana: HranaSettings?

  public init(
    host: String = "127.0.0.1", port: Int = 8484, token: BearerToken? = nil,
    allowedHosts: Set<String> = [], allowedOrigins: Set<String> = [],
    identity: TLSIdentity? = nil, limits: HTTPLimits = HTTPLimits()
  ) {
    self.host = host
    self.port = port
    self.token = token
    self.allowedHosts = allowedHosts
    self.allowedOrigins = allowedOrigins
    self.identity = identity
    self.limits = limits
  }

  /// Whether only this machine reaches the server.
  public var isLoopback: Bool { HostPolicy.isLoopback(host) }

  /// - Throws: ``HTTPSettingsError`` for settings that would let anybody in.
  public func validate() throws(HTTPSettingsError) {
    guard !host.isEmpty else { throw HTTPSettingsError(problem: "the host is empty") }
    guard (0...65_535).contains(port) else {
      throw HTTPSettingsError(problem: "the port is \(port); expected 0 to 65535")
    }
    guard limits.bodiesBytesMax >= limits.bodyBytesMax else {
      throw HTTPSettingsError(
        problem: "bodiesBytesMax is \(limits.bodiesBytesMax); expected at least bodyBytesMax, "
          + "\(limits.bodyBytesMax)")
    }
    guard hrana?.readToken == nil || token != nil else {
      throw HTTPSettingsError(
        problem: "libSQL clients have a token to read, and none to write is set; expected one, "
          + "without which anybody on this machine could write")
    }
    guard isLoopback || token != nil else {
      throw HTTPSettingsError(
        problem:
          "others than this machine reach '\(host)', and no token is set; expected a token, or 127.0.0.1"
      )
    }
    // A proxy that hands on a public name lets others in.
    let name = allowedHosts.first { !HostPolicy.isLoopback(HostPolicy.host(of: $0.lowercased())) }
    if let name, token == nil {
      throw HTTPSettingsError(
        problem: "requests for '\(name)' come from others than this machine, and no token is set; "
          + "expected a token")
    }
  }
}

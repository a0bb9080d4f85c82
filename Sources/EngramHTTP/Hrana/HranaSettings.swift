public import HranaSessions

/// How libSQL clients are served.
///
/// The server's own token lets them read and write; where the server needs none, so may anybody on this machine.
public struct HranaSettings: Sendable {
  /// The durable store's database.
  public var databasePath: String
  /// Lets clients read only; nil for no such token.
  public var readToken: BearerToken?
  public var limits: HranaLimits

  public init(
    databasePath: String, readToken: BearerToken? = nil, limits: HranaLimits = HranaLimits()
  ) {
    self.databasePath = databasePath
    self.readToken = readToken
    self.limits = limits
  }
}

public import Hrana

/// A request that is refused as a whole; its stream, if it had one, has ended, or was none of the client's.
public struct HranaRefusal: Error, Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// The message is wrong, or its baton is none.
    case badRequest
    /// There is no room now.
    case busy
    /// The database cannot be opened.
    case failed
  }

  public var kind: Kind
  public var error: HranaError

  init(_ kind: Kind, _ code: String, _ message: String) {
    self.kind = kind
    error = HranaError(code, message)
  }
}

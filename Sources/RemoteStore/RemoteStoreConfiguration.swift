/// A database elsewhere, and how it is talked to.
public struct RemoteStoreConfiguration: Sendable {
  public var url: DatabaseURL
  public var token: AuthTokenSource
  /// Hosts, beside the URL's own, to which the server may send its clients.
  public var allowedHosts: Set<String> = []
  /// How long a server may take for the head of an answer, and again for the rest of it, in seconds.
  public var requestSeconds = 60.0
  /// How long an answer may take that comes row by row, in seconds; no pause in it is longer than ``requestSeconds``.
  public var cursorSeconds = 600.0
  /// The longest answer, in bytes; those above 64 MB come row by row.
  public var answerBytesMax = 256 << 20

  /// - Throws: ``RemoteStoreError`` for a token that is missing where one is needed, malformed or expired.
  public init(url: DatabaseURL, token: AuthTokenSource) throws(RemoteStoreError) {
    self.url = url
    self.token = token
    guard try CurrentToken(token).token() != nil || url.isLoopback else {
      throw RemoteStoreError(
        "the database at \(url) needs a token; set ENGRAM_AUTH_TOKEN, or name a file with it")
    }
  }
}

internal import Foundation

/// Where a database is: `libsql://`, `https://`, or, on this machine only, `http://`.
public struct DatabaseURL: Hashable, Sendable, CustomStringConvertible {
  /// Without a path's last slash.
  public let text: String
  let host: String
  let scheme: String
  let port: Int

  /// Whether the address is of this machine, which no token needs to be sent past.
  public var isLoopback: Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { $0.allSatisfy { ("0"..."9").contains($0) } && UInt8($0) != nil }
  }

  /// - Throws: ``RemoteStoreError`` for what is no such address, or has a token or password in it; it does not show
  ///   them.
  public init(_ text: String) throws(RemoteStoreError) {
    guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased() else {
      throw RemoteStoreError("the database URL is no URL; expected libsql://HOST or https://HOST")
    }
    guard parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil
    else {
      throw RemoteStoreError(
        "the database URL holds more than an address; expected no user, query or token in it: "
          + "the token has a variable and a file of its own")
    }
    var host = parts.host?.lowercased() ?? ""
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard !host.isEmpty else {
      throw RemoteStoreError("the database URL has no host; expected libsql://HOST or https://HOST")
    }
    switch scheme {
    case "libsql", "https": self.scheme = "https"
    case "http": self.scheme = "http"
    default:
      throw RemoteStoreError(
        "the database URL begins with '\(scheme.prefix(20))://'; expected libsql://, https://, or "
          + "http:// on this machine")
    }
    self.host = host
    port = parts.port ?? (self.scheme == "https" ? 443 : 80)
    var path = parts.percentEncodedPath
    while path.hasSuffix("/") { path.removeLast() }
    let name = host.contains(":") ? "[\(host)]" : host
    let shownPort = parts.port.map { ":\($0)" } ?? ""
    self.text = "\(self.scheme)://\(name)\(shownPort)\(path)"
    guard self.scheme == "https" || isLoopback else {
      throw RemoteStoreError(
        "the database URL begins with http://, which everybody on the way can read; expected https:// "
          + "or libsql:// for '\(host)'")
    }
  }

  public var description: String { text }

  /// Whether both lead to one server.
  func isSameServer(as other: DatabaseURL) -> Bool {
    host == other.host && scheme == other.scheme && port == other.port
  }
}

internal import Foundation

/// Which names of the server, and which web pages, requests may come with.
///
/// A page from elsewhere may have its own name point to this machine (DNS rebinding), and have the browser ask for
/// it: its name, or its origin, gives it away.
struct HostPolicy: Sendable {
  private let isLoopback: Bool
  /// Of the pages of this server itself. One that is served without encryption may be behind a proxy that has it;
  /// the other way round a page of `http` is one that anybody on the way may have written.
  private let schemes: Set<String>
  private let hosts: Set<String>
  private let origins: Set<String>

  init(_ settings: HTTPSettings) {
    isLoopback = settings.isLoopback
    schemes = settings.identity == nil ? ["http", "https"] : ["https"]
    hosts = Set(settings.allowedHosts.map { $0.lowercased() })
    origins = Set(settings.allowedOrigins.map { $0.lowercased() })
  }

  /// - Parameters:
  ///   - authority: of the `Host` header.
  ///   - origin: of the `Origin` header.
  ///   - site: of the `Sec-Fetch-Site` header, which browsers send where they leave the origin out.
  /// - Returns: why the request is refused; nil if it is not.
  func problem(authority: String?, origin: String?, site: String? = nil) -> String? {
    guard let authority = authority?.lowercased(), !authority.isEmpty else {
      return "Host: is missing"
    }
    let host = Self.host(of: authority)
    guard
      hosts.contains(host) || hosts.contains(authority) || Self.isLoopback(host)
        || !isLoopback && hosts.isEmpty
    else { return "Host: this server is not '\(host.prefix(100))'" }
    guard let origin = origin?.lowercased() else {
      if let site, site != "same-origin", site != "none" {
        return "Sec-Fetch-Site: pages of others may not ask this server"
      }
      return nil
    }
    if origins.contains(origin) { return nil }
    guard let end = origin.range(of: "://"), schemes.contains(String(origin[..<end.lowerBound])),
      origin[end.upperBound...] == authority
    else {
      return "Origin: pages of '\(origin.prefix(100))' may not ask this server"
    }
    return nil
  }

  /// The origin, where answers to pages of it may be read by them.
  func allowed(_ origin: String?) -> String? {
    guard let origin, origins.contains(origin.lowercased()) else { return nil }
    return origin
  }

  /// Without the port, and without the brackets of an IPv6 address.
  static func host(of authority: String) -> String {
    if authority.hasPrefix("[") {
      return String(authority.dropFirst().prefix { $0 != "]" })
    }
    return String(authority.prefix { $0 != ":" })
  }

  static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}

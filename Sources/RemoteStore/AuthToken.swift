internal import Foundation

/// What lets a client in. Nothing that prints it shows it.
public struct AuthToken: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  let text: String

  /// - Parameter text: blanks around it do not count.
  /// - Throws: ``RemoteStoreError`` for one that cannot be sent, that looks like a JSON Web Token and is none, or
  ///   that has expired.
  public init(_ text: String) throws(RemoteStoreError) {
    try self.init(text, secondsSince1970: Date().timeIntervalSince1970)
  }

  init(_ text: String, secondsSince1970 now: Double) throws(RemoteStoreError) {
    let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !token.isEmpty else {
      throw RemoteStoreError("the token of the database is empty")
    }
    guard token.utf8.count <= 16 << 10, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw RemoteStoreError(
        "the token of the database is malformed: expected visible ASCII characters without blanks")
    }
    self.text = token
    guard let end = try Self.expiry(of: token) else { return }
    // Clocks differ by some minutes; the server has the last word.
    if now > end + 300 {
      throw RemoteStoreError(
        "the token of the database expired at "
          + "\(Date(timeIntervalSince1970: end).ISO8601Format()); get a new one")
    }
  }

  public var description: String { "(a token)" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// When a JSON Web Token expires, in seconds since 1970; nil for other tokens and those without an end.
  private static func expiry(of token: String) throws(RemoteStoreError) -> Double? {
    // The header of each begins with {".
    guard token.hasPrefix("eyJ") else { return nil }
    let malformed = RemoteStoreError(
      "the token of the database is malformed: it begins like a JSON Web Token and is none")
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }) else { throw malformed }
    var base64 = parts[1].replacingOccurrences(of: "-", with: "+")
      .replacingOccurrences(of: "_", with: "/")
    base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
    guard let data = Data(base64Encoded: base64),
      let claims = try? JSONDecoder().decode(Claims.self, from: data)
    else { throw malformed }
    return claims.exp
  }

  private struct Claims: Decodable { var exp: Double? }
}

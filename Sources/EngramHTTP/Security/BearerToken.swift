internal import Crypto

/// What a client must bring to be let in. Only its digest is kept, so that no log or dump can show it.
public struct BearerToken: Sendable, CustomStringConvertible {
  private let digest: SHA256.Digest

  /// The shortest token, in characters.
  public static let charactersMin = 16

  /// - Parameter text: blanks around it do not count.
  /// - Throws: ``HTTPSettingsError`` for one that could be guessed or not be sent; it does not show the token.
  public init(_ text: String) throws(HTTPSettingsError) {
    let token = text.drop(while: \.isWhitespace)
    let end = token.lastIndex { !$0.isWhitespace }.map(token.index(after:)) ?? token.startIndex
    let plain = token[..<end]
    guard plain.utf8.count >= Self.charactersMin,
      plain.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else {
      throw HTTPSettingsError(
        problem:
          "the token cannot be used; expected at least \(Self.charactersMin) visible ASCII characters"
      )
    }
    digest = SHA256.hash(data: Array(plain.utf8))
  }

  /// Whether the value of an `Authorization` header has the token. Takes as long whatever is wrong with it.
  func isIn(_ authorization: String?) -> Bool {
    let text = authorization ?? ""
    let scheme = text.prefix(7)
    let given = SHA256.hash(data: Array(text.dropFirst(7).utf8))
    // Digests are compared in constant time.
    return given == digest && scheme.lowercased() == "bearer "
  }

  public var description: String { "(a token)" }
}

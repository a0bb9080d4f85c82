import Crypto
import Episodes

/// What is kept of the content of a forgotten episode, so that it does not come back under another id: a code
/// that is made with a key of the store, and tells nothing to who has not got the file, nor the content.
struct ForgottenContent {
  private let key: SymmetricKey
  /// Of other stores, whose codes a move of a namespace has brought here.
  private let otherKeys: [SymmetricKey]
  private static let byteCount = 16

  /// - Parameters:
  ///   - key: the value of ``keyProperty``.
  ///   - otherKeys: those of properties that ``otherKeyProperties`` names.
  init?(key: String, otherKeys: [String] = []) {
    guard key.utf8.count >= 32 else { return nil }
    self.key = SymmetricKey(data: Array(key.utf8))
    self.otherKeys = otherKeys.map { SymmetricKey(data: Array($0.utf8)) }
  }

  /// In `store_properties`.
  static let keyProperty = "content_key"
  /// The name of a property begins so that has the key of another store, which follows.
  static let otherKeyProperties = "content_key of "

  /// - Parameter hash: ``EpisodeContent/hash(of:)``.
  /// - Returns: 32 hexadecimal digits.
  func code(of hash: String) -> String { Self.code(of: hash, key) }

  /// All codes that a content may have been forgotten under: the store's own, and those of others.
  func codes(of hash: String) -> [String] {
    ([key] + otherKeys).map { Self.code(of: hash, $0) }
  }

  private static func code(of hash: String, _ key: SymmetricKey) -> String {
    EpisodeContent.digits(
      HMAC<SHA256>.authenticationCode(for: Array(hash.utf8), using: key).prefix(byteCount))
  }

  /// The row of `forgotten` for a content and the episode that had it. No id has a space in it.
  static func row(code: String, id: String) -> String { "content \(code) \(id)" }

  /// Conditions on the column `id` of `forgotten`.
  static let isContent = "id >= 'content ' AND id < 'content!'"
  /// What follows the code.
  static let episodeID = "substr(id, 42)"
  /// With `f` for the table and `m.value` for a code.
  static let hasCode =
    "f.id >= 'content ' || m.value || ' ' AND f.id < 'content ' || m.value || '!'"
}

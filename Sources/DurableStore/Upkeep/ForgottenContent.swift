import Crypto
import Episodes

/// What is kept of the content of a forgotten episode, so that it does not come back under another id: a code
/// that is made with a key of the store, and tells nothing to who has not got the file, nor the content.
struct ForgottenContent {
  private let key: SymmetricKey
  private static let byteCount = 16

  /// - Parameter key: the value of ``keyProperty``.
  init?(key: String) {
    guard key.utf8.count >= 32 else { return nil }
    self.key = SymmetricKey(data: Array(key.utf8))
  }

  /// In `store_properties`.
  static let keyProperty = "content_key"

  /// - Parameter hash: ``EpisodeContent/hash(of:)``.
  /// - Returns: 32 hexadecimal digits.
  func code(of hash: String) -> String {
    EpisodeContent.digits(
      HMAC<SHA256>.authenticationCode(for: Array(hash.utf8), using: key).prefix(Self.byteCount))
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

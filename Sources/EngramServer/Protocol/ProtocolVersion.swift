/// The revisions of the model context protocol that are spoken, oldest first.
enum ProtocolVersion: String, CaseIterable, Comparable, Sendable {
  case november2024 = "2024-11-05"
  case march2025 = "2025-03-26"
  case june2025 = "2025-06-18"
  case november2025 = "2025-11-25"
  /// Without handshake and session: each request says what it needs in its `_meta`.
  case july2026 = "2026-07-28"

  /// The latest that begins with `initialize`.
  static let latestHandshake = november2025
  static let stateless: [ProtocolVersion] = [.july2026]

  var isStateless: Bool { self == .july2026 }

  /// Whether messages may come as a list.
  var hasBatches: Bool { self <= .march2025 }

  /// Whether tools, resources and prompts have titles, and tools structured results.
  var hasStructuredContent: Bool { self >= .june2025 }

  static func < (left: ProtocolVersion, right: ProtocolVersion) -> Bool {
    left.rawValue < right.rawValue
  }
}

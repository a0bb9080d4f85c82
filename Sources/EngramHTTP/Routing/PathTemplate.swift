internal import Foundation

/// A path with names in the place of some of its parts: `/v1/episodes/{episodeID}`.
struct PathTemplate: Hashable, Sendable {
  enum Part: Hashable, Sendable {
    case literal(String)
    case name(String)
  }

  let text: String
  let parts: [Part]

  init(_ text: String) {
    self.text = text
    parts = text.split(separator: "/").map { part in
      part.hasPrefix("{") && part.hasSuffix("}")
        ? .name(String(part.dropFirst().dropLast())) : .literal(String(part))
    }
  }

  /// The names, in their order.
  var names: [String] {
    parts.compactMap { if case .name(let name) = $0 { name } else { nil } }
  }

  /// How far it says what is meant: one with more literals comes before one with fewer.
  var literalCount: Int { parts.count - names.count }

  /// - Parameter path: the parts of a path, escaped.
  /// - Returns: what stands in the places of the names; nil for another path.
  func match(_ path: [Substring]) -> [String: String]? {
    guard path.count == parts.count else { return nil }
    var values: [String: String] = [:]
    for (part, given) in zip(parts, path) {
      switch part {
      case .literal(let text): guard given == text else { return nil }
      case .name(let name):
        guard let value = given.removingPercentEncoding, !value.isEmpty else { return nil }
        values[name] = value
      }
    }
    return values
  }
}

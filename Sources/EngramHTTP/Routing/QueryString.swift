internal import Foundation

/// The part of a URL behind its question mark, taken apart.
enum QueryString {
  /// - Returns: names and values in their order; nil where an escape is none.
  static func items(_ text: some StringProtocol) -> [(name: String, value: String)]? {
    var items: [(String, String)] = []
    for item in text.split(separator: "&") {
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = decoded(parts[0]), let value = decoded(parts.count > 1 ? parts[1] : "")
      else { return nil }
      items.append((name, value))
    }
    return items
  }

  private static func decoded(_ text: some StringProtocol) -> String? {
    text.replacingOccurrences(of: "+", with: " ").removingPercentEncoding
  }
}

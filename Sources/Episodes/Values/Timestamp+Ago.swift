extension Timestamp {
  /// Reads how long ago something was: `30m`, `12h`, `7d`, `4w`.
  ///
  /// - Returns: seconds; nil for anything else.
  package static func secondsAgo(_ text: String) -> Double? {
    let units: [Character: Double] = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    guard let unit = text.last.flatMap({ units[$0] }), let count = Double(text.dropLast()),
      (0...1e5).contains(count)
    else { return nil }
    return count * unit
  }
}

internal import ArgumentParser
internal import Engram
internal import Episodes

/// Times as people type them.
enum TimeArgument {
  private static let day = 86_400.0

  /// Reads an ISO 8601 date or time, how long ago (`30m`, `12h`, `7d`, `4w`, `1y`), or `now`, `today` and
  /// `yesterday`, which begin at midnight UTC.
  static func parse(_ text: String, option: String, now: Timestamp) throws -> Timestamp {
    if let time = Timestamp(text) { return time }
    let midnight = (now.secondsSince1970 / day).rounded(.down) * day
    switch text.lowercased() {
    case "now": return now
    case "today": return Timestamp(secondsSince1970: midnight)
    case "yesterday": return Timestamp(secondsSince1970: midnight - day)
    default: break
    }
    let units: [Character: Double] = ["m": 60, "h": 3600, "d": day, "w": 7 * day, "y": 365 * day]
    if let unit = text.last.flatMap({ units[$0] }), let count = Double(text.dropLast()),
      (0...1e5).contains(count), unit * count < now.secondsSince1970 + 1e9
    {
      return Timestamp(secondsSince1970: now.secondsSince1970 - count * unit)
    }
    throw ArgumentParser.ValidationError(
      "\(option) '\(text)' is not a time; expected 2026-03-02, 2026-03-02T09:14:05Z, yesterday, or how "
        + "long ago: 30m, 12h, 7d, 4w, 1y")
  }
}

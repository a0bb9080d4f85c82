/// A time as people tell it: itself, or how long ago it was.
package enum Moment: Hashable, Sendable {
  case at(Timestamp)
  case ago(seconds: Double)
  /// The midnight, in UTC, at which the day so many days ago began.
  case day(ago: Int)

  private static let daySeconds = 86_400.0
  /// Longer ago no clock was set.
  private static let secondsMax = 2.6e9

  /// Reads an ISO 8601 date or time, how long ago (`30m`, `12h`, `7d`, `4w`, `1y`), or `now`, `today` and
  /// `yesterday`, which begin at midnight UTC.
  ///
  /// - Returns: nil for anything else.
  package init?(_ text: String) {
    if let time = Timestamp(text) {
      self = .at(time)
      return
    }
    switch text.lowercased() {
    case "now": self = .ago(seconds: 0)
    case "today": self = .day(ago: 0)
    case "yesterday": self = .day(ago: 1)
    default:
      let day = Self.daySeconds
      let units: [Character: Double] = [
        "m": 60, "h": 3600, "d": day, "w": 7 * day, "y": 365 * day,
      ]
      guard let unit = text.last.flatMap({ units[$0] }), let count = Double(text.dropLast()),
        (0...1e5).contains(count), count * unit <= Self.secondsMax
      else { return nil }
      self = .ago(seconds: count * unit)
    }
  }

  package func time(before now: Timestamp) -> Timestamp {
    let seconds = now.secondsSince1970
    switch self {
    case .at(let time): return time
    case .ago(let ago): return ago == 0 ? now : Timestamp(secondsSince1970: seconds - ago)
    case .day(let ago):
      let midnight = (seconds / Self.daySeconds).rounded(.down) * Self.daySeconds
      return Timestamp(secondsSince1970: midnight - Double(ago) * Self.daySeconds)
    }
  }
}

internal import ArgumentParser
internal import Engram
internal import Episodes

/// Times as people type them.
enum TimeArgument {
  /// Reads what ``Moment`` does.
  static func parse(_ text: String, option: String, now: Timestamp) throws -> Timestamp {
    if let moment = Moment(text) { return moment.time(before: now) }
    throw ArgumentParser.ValidationError(
      "\(option) '\(text)' is not a time; expected 2026-03-02, 2026-03-02T09:14:05Z, yesterday, or how "
        + "long ago: 30m, 12h, 7d, 4w, 1y")
  }
}

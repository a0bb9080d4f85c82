extension Duration {
  /// The duration in seconds.
  package var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }

  /// A duration of so many seconds, whatever the number: one that is negative or no number is none at all, and
  /// one longer than ``secondsMax`` is that. `Duration.seconds` traps where these are none of its own.
  package static func seconds(bounding seconds: Double) -> Duration {
    // Comparisons with NaN are false.
    seconds > 0 ? .seconds(Swift.min(seconds, secondsMax)) : .zero
  }

  /// A hundred years: longer than any wait, and short enough to be added to any clock's time.
  package static let secondsMax = 3_155_760_000.0
}

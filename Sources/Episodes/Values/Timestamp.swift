/// A moment in UTC with nanosecond resolution.
///
/// A binary floating-point date cannot hold every decimal fraction it is given; an integer count of
/// nanoseconds can, so a time survives store, cache, export and import unchanged. The range is the
/// years 1678 to 2261.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Nanoseconds since 1970-01-01T00:00:00Z; negative before it.
  public var nanosecondsSince1970: Int64

  public init(nanosecondsSince1970: Int64) {
    self.nanosecondsSince1970 = nanosecondsSince1970
  }

  /// The moment `seconds` after 1970-01-01T00:00:00Z, to the nearest nanosecond; the first or last
  /// moment of the range for seconds beyond it, and 1970 for NaN.
  public init(secondsSince1970 seconds: Double) {
    let nanoseconds = (seconds * 1e9).rounded()
    if let exact = Int64(exactly: nanoseconds) {
      self.nanosecondsSince1970 = exact
    } else {
      self.nanosecondsSince1970 = nanoseconds.isNaN ? 0 : nanoseconds < 0 ? .min : .max
    }
  }

  /// Seconds since 1970-01-01T00:00:00Z.
  public var secondsSince1970: Double { Double(nanosecondsSince1970) / 1e9 }

  /// Seconds from `earlier` to this moment; negative if this moment comes first.
  public func seconds(since earlier: Timestamp) -> Double {
    let (difference, overflow) = nanosecondsSince1970.subtractingReportingOverflow(
      earlier.nanosecondsSince1970)
    return overflow
      ? secondsSince1970 - earlier.secondsSince1970 : Double(difference) / 1e9
  }

  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.nanosecondsSince1970 < right.nanosecondsSince1970
  }
}

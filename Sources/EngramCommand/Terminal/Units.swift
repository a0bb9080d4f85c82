internal import Platform

/// Numbers with units for people; the digits do not depend on the language of the system.
public enum Units {
  /// `1,234,567`.
  public static func grouped(_ number: Int) -> String {
    let figures = Array(String(number.magnitude))
    var text = number < 0 ? "-" : ""
    for (index, figure) in figures.enumerated() {
      if index > 0, (figures.count - index) % 3 == 0 { text += "," }
      text.append(figure)
    }
    return text
  }

  /// `512 B`, `1.5 KiB`, `23.0 MiB`.
  public static func bytes(_ count: Int) -> String {
    guard count.magnitude >= 1024 else { return "\(count) B" }
    var value = Double(count)
    var unit = ""
    for name in ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] {
      value /= 1024
      unit = name
      // What would be rounded to 1024.0 belongs to the next unit.
      if abs(value) < 1023.95 { break }
    }
    return "\(fixed(value, digits: 1)) \(unit)"
  }

  /// `812 ns`, `3.4 µs`, `12.0 ms`, `1.50 s`, `2 min 05 s`, `3 h 07 min`.
  public static func duration(seconds: Double) -> String {
    guard seconds.isFinite else { return "-" }
    let magnitude = abs(seconds)
    switch magnitude {
    case ..<0.999_5e-6: return "\(fixed(seconds * 1e9, digits: 0)) ns"
    case ..<0.999_5e-3: return "\(fixed(seconds * 1e6, digits: 1)) µs"
    case ..<0.999_5: return "\(fixed(seconds * 1e3, digits: 1)) ms"
    case ..<59.995: return "\(fixed(seconds, digits: 2)) s"
    default:
      let sign = seconds < 0 ? "-" : ""
      let whole = Int(min(magnitude.rounded(), 1e15))
      return whole < 3600
        ? "\(sign)\(whole / 60) min \(padded(whole % 60)) s"
        : "\(sign)\(whole / 3600) h \(padded(whole / 60 % 60)) min"
    }
  }

  /// `duration` as in ``duration(seconds:)``.
  public static func duration(_ duration: Duration) -> String {
    self.duration(seconds: duration.inSeconds)
  }

  /// `0:07`, `12:34` or `1:02:03`, for what is left to wait.
  static func clock(seconds: Double) -> String {
    guard seconds.isFinite, seconds < 360_000 else { return "-:--" }
    let whole = Int(max(0, seconds).rounded(.up))
    return whole < 3600
      ? "\(whole / 60):\(padded(whole % 60))"
      : "\(whole / 3600):\(padded(whole / 60 % 60)):\(padded(whole % 60))"
  }

  /// `value` with exactly `digits` (0 to 9) decimals, rounded to nearest.
  public static func fixed(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 1e15 else { return String(value) }
    let whole = Int(scaled)
    let sign = value < 0 && whole > 0 ? "-" : ""
    let unit = Int(scale)
    guard digits > 0 else { return sign + String(whole) }
    let fraction = String(whole % unit)
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)\(whole / unit).\(zeros)\(fraction)"
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

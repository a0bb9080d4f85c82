extension Timestamp: LosslessStringConvertible, Codable {
  /// Parses an ISO 8601 date and time: `2026-03-02T09:14:05.250Z`, `2026-03-02 10:14:05+01:00`, or a
  /// date alone (midnight UTC). Up to nine fractional digits are kept. Returns nil for anything else.
  public init?(_ description: String) {
    var scanner = DigitScanner(description.utf8)
    guard let year = scanner.number(digits: 4), scanner.skip("-"),
      let month = scanner.number(digits: 2), (1...12).contains(month), scanner.skip("-"),
      let day = scanner.number(digits: 2), (1...Self.days(inMonth: month, of: year)).contains(day)
    else { return nil }
    var seconds = Self.daysSince1970(year: year, month: month, day: day) * 86_400
    var nanoseconds = 0
    if !scanner.isAtEnd {
      guard scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
        let hour = scanner.number(digits: 2), hour < 24, scanner.skip(":"),
        let minute = scanner.number(digits: 2), minute < 60
      else { return nil }
      var second = 0
      if scanner.skip(":") {
        // A leap second is taken as the second after it: POSIX time has none.
        guard let value = scanner.number(digits: 2), value <= 60 else { return nil }
        second = value
        if scanner.skip(".") || scanner.skip(",") {
          guard let fraction = scanner.fraction(digitsMax: 9) else { return nil }
          nanoseconds = fraction
        }
      }
      seconds += hour * 3600 + minute * 60 + second
      guard let offset = scanner.zoneOffsetSeconds(), scanner.isAtEnd else { return nil }
      seconds -= offset
    }
    // Before 1970 the whole seconds are counted from the later end, so that the first moment of the
    // range is not taken for an overflow.
    if seconds < 0, nanoseconds > 0 {
      seconds += 1
      nanoseconds -= 1_000_000_000
    }
    let (scaled, overflow) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (total, overflow2) = scaled.addingReportingOverflow(Int64(nanoseconds))
    guard !overflow, !overflow2 else { return nil }
    self.init(nanosecondsSince1970: total)
  }

  /// ISO 8601 in UTC with as many fractional digits (0, 3, 6 or 9) as the value needs.
  public var description: String {
    var seconds = nanosecondsSince1970 / 1_000_000_000
    var fraction = nanosecondsSince1970 % 1_000_000_000
    if fraction < 0 {
      fraction += 1_000_000_000
      seconds -= 1
    }
    var dayNumber = seconds / 86_400
    var secondOfDay = seconds % 86_400
    if secondOfDay < 0 {
      secondOfDay += 86_400
      dayNumber -= 1
    }
    let date = Self.civilDate(daysSince1970: Int(dayNumber))
    var text = ""
    text.reserveCapacity(30)
    Self.append(date.year, digits: 4, to: &text)
    text += "-"
    Self.append(date.month, digits: 2, to: &text)
    text += "-"
    Self.append(date.day, digits: 2, to: &text)
    text += "T"
    Self.append(Int(secondOfDay / 3600), digits: 2, to: &text)
    text += ":"
    Self.append(Int(secondOfDay / 60 % 60), digits: 2, to: &text)
    text += ":"
    Self.append(Int(secondOfDay % 60), digits: 2, to: &text)
    if fraction != 0 {
      text += "."
      if fraction % 1_000_000 == 0 {
        Self.append(Int(fraction / 1_000_000), digits: 3, to: &text)
      } else if fraction % 1_000 == 0 {
        Self.append(Int(fraction / 1_000), digits: 6, to: &text)
      } else {
        Self.append(Int(fraction), digits: 9, to: &text)
      }
    }
    return text + "Z"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = Timestamp(text) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription:
          "not an ISO 8601 time between 1678 and 2261, such as 2026-03-02T09:14:05.250Z")
    }
    self = value
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  private static func append(_ value: Int, digits: Int, to text: inout String) {
    let figures = String(value)
    for _ in 0..<max(0, digits - figures.count) { text += "0" }
    text += figures
  }

  private static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days from 1970-01-01 to a proleptic Gregorian date. Source: H. Hinnant, "chrono-Compatible
  /// Low-Level Date Algorithms", `days_from_civil`.
  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The inverse of ``daysSince1970(year:month:day:)``: Hinnant's `civil_from_days`.
  private static func civilDate(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}

/// Reads fixed-width decimal fields from ASCII text.
private struct DigitScanner {
  private var rest: Substring.UTF8View

  init(_ text: String.UTF8View) { rest = text[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard let first = rest.first, first == UInt8(ascii: character) else { return false }
    rest = rest.dropFirst()
    return true
  }

  mutating func number(digits: Int) -> Int? {
    var value = 0
    for _ in 0..<digits {
      guard let digit = nextDigit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// One to `digitsMax` digits, scaled to that many.
  mutating func fraction(digitsMax: Int) -> Int? {
    var value = 0
    var count = 0
    while count < digitsMax, let digit = nextDigit() {
      value = value * 10 + digit
      count += 1
    }
    guard count > 0 else { return nil }
    for _ in count..<digitsMax { value *= 10 }
    return value
  }

  /// `Z`, `±hh:mm`, `±hhmm` or `±hh`; a missing zone means UTC.
  mutating func zoneOffsetSeconds() -> Int? {
    if isAtEnd || skip("Z") || skip("z") { return 0 }
    let sign = skip("+") ? 1 : skip("-") ? -1 : 0
    guard sign != 0, let hours = number(digits: 2), hours < 24 else { return nil }
    if isAtEnd { return sign * hours * 3600 }
    _ = skip(":")
    guard let minutes = number(digits: 2), minutes < 60 else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }

  private mutating func nextDigit() -> Int? {
    guard let first = rest.first, (48...57).contains(first) else { return nil }
    rest = rest.dropFirst()
    return Int(first) - 48
  }
}

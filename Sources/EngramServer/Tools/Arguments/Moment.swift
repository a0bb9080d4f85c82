internal import Episodes

/// A time as an agent tells it: itself, or how long ago it was.
enum Moment: Decodable {
  case at(Timestamp)
  /// Seconds.
  case ago(Double)

  init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    if let time = Timestamp(text) {
      self = .at(time)
    } else if let seconds = Timestamp.secondsAgo(text) {
      self = .ago(seconds)
    } else {
      throw ValidationError(
        field: "time", problem: "'\(PrintableText.line(String(text.prefix(60))))' is none",
        expected: JSONShape.moment.expectation)
    }
  }

  func time(before now: Timestamp) -> Timestamp {
    switch self {
    case .at(let time): time
    case .ago(let seconds): Timestamp(secondsSince1970: now.secondsSince1970 - seconds)
    }
  }
}

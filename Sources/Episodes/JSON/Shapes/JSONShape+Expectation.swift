extension JSONShape {
  /// What would be right, after the word "expected".
  package var expectation: String {
    switch self {
    case .any: "any value"
    case .text: "a string"
    case .identifier: "1 to \(Identifier.charactersMax) printable characters without spaces"
    case .words(Int.max): "a string"
    case .words(let max): "1 to \(max) characters"
    case .pattern(_, let expectation): expectation
    case .sized(let range): "\(range.lowerBound) to \(range.upperBound) characters"
    case .yes: "true"
    case .flag: "true or false"
    case .whole: "a whole number"
    case .count(let range) where range.upperBound == .max: "\(range.lowerBound) or more"
    case .count(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let meaning): "a number\(meaning)"
    case .bounded(let range, let meaning):
      "\(Self.plain(range.lowerBound)) to \(Self.plain(range.upperBound))\(meaning)"
    case .share: "a number from 0 to 1"
    case .timestamp: "an ISO 8601 time such as 2026-03-02T09:14:05.250Z"
    case .moment:
      "an ISO 8601 time such as 2026-03-02T09:14:05Z, yesterday, or how long ago: 30m, 12h, 7d, 4w, 1y"
    case .tag: "2 to 100 letters, digits, '-' or '_'"
    case .choice(let names): "one of " + names.joined(separator: ", ")
    case .list: "a list"
    case .items(_, let range): "a list of \(range.lowerBound) to \(range.upperBound)"
    case .textMap: "an object of strings"
    case .object(let fields): "\(fields.name) as an object"
    case .variants(let name, _): "\(name) as an object with 'kind'"
    }
  }

  /// `90` and not `90.0`.
  private static func plain(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? "\(number)"
  }
}

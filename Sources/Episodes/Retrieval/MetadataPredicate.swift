/// A condition on the metadata of an episode.
///
/// A comparison with a number looks at values that are written as numbers only (`7`, `-0.5`, `1e3`);
/// one with a text compares UTF-8 bytes, so that ISO dates compare as dates. A key that is missing
/// meets no comparison; ``not(_:)`` of one is met by it.
///
/// No text of a condition may hold a NUL character, at which SQLite's JSON functions end a text.
public indirect enum MetadataPredicate: Hashable, Sendable {
  /// What a value is compared with.
  public enum Operand: Hashable, Sendable {
    case number(Double)
    case text(String)

    /// A number if `text` is written as one.
    public init(_ text: String) {
      if let number = MetadataPredicate.number(text) {
        self = .number(number)
      } else {
        self = .text(text)
      }
    }
  }

  case exists(key: String)
  case equals(key: String, value: String)
  case isAnyOf(key: String, values: [String])
  case contains(key: String, text: String)
  case lessThan(key: String, Operand)
  case atMost(key: String, Operand)
  case greaterThan(key: String, Operand)
  case atLeast(key: String, Operand)
  case all([MetadataPredicate])
  case any([MetadataPredicate])
  case not(MetadataPredicate)

  /// Conditions in one predicate, and how deeply they may be nested: what a query takes.
  public static let conditionsMax = 100
  public static let depthMax = 20

  /// Whether `metadata` meets the condition.
  public func matches(_ metadata: [String: String]) -> Bool {
    switch self {
    case .exists(let key): metadata[exactly: key] != nil
    case .equals(let key, let value):
      metadata[exactly: key].map { $0.utf8.elementsEqual(value.utf8) } ?? false
    case .isAnyOf(let key, let values):
      metadata[exactly: key].map { found in
        values.contains { $0.utf8.elementsEqual(found.utf8) }
      } ?? false
    case .contains(let key, let text):
      metadata[exactly: key].map { Self.contains(Array($0.utf8), Array(text.utf8)) } ?? false
    case .lessThan(let key, let operand):
      Self.compare(metadata[exactly: key], operand).map { $0 < 0 } ?? false
    case .atMost(let key, let operand):
      Self.compare(metadata[exactly: key], operand).map { $0 <= 0 } ?? false
    case .greaterThan(let key, let operand):
      Self.compare(metadata[exactly: key], operand).map { $0 > 0 } ?? false
    case .atLeast(let key, let operand):
      Self.compare(metadata[exactly: key], operand).map { $0 >= 0 } ?? false
    case .all(let parts): parts.allSatisfy { $0.matches(metadata) }
    case .any(let parts): parts.contains { $0.matches(metadata) }
    case .not(let part): !part.matches(metadata)
    }
  }

  /// The number that `text` is written as, blanks around it left aside; nil for anything else, such as
  /// `0x1F`, `inf` or `1 000`.
  static func number(_ text: String) -> Double? {
    let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D]
    let trimmed = text.utf8.drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }
      .reversed()
    var rest = Array(trimmed)[...]
    func digits() -> Int {
      let count = rest.prefix { (0x30...0x39).contains($0) }.count
      rest = rest.dropFirst(count)
      return count
    }
    if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      rest = rest.dropFirst()
    }
    var count = digits()
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      count += digits()
    }
    guard count > 0 else { return nil }
    if let mark = rest.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
        rest = rest.dropFirst()
      }
      guard digits() > 0 else { return nil }
    }
    return rest.isEmpty ? Double(String(decoding: Array(trimmed), as: UTF8.self)) : nil
  }

  /// -1, 0 or 1; nil where the two cannot be compared.
  private static func compare(_ value: String?, _ operand: Operand) -> Int? {
    guard let value else { return nil }
    switch operand {
    case .number(let right):
      guard let left = number(value) else { return nil }
      return left < right ? -1 : left == right ? 0 : 1
    case .text(let right):
      if value.utf8.elementsEqual(right.utf8) { return 0 }
      return value.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
    }
  }

  private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    if part.isEmpty { return true }
    guard part.count <= bytes.count else { return false }
    return (0...bytes.count - part.count).contains { bytes[$0...].starts(with: part) }
  }

  /// - Throws: ``ValidationError`` when it is more than a query takes.
  func validate() throws(ValidationError) {
    var count = 0
    try validate(depth: 1, count: &count)
  }

  private func validate(depth: Int, count: inout Int) throws(ValidationError) {
    count += 1
    guard count <= Self.conditionsMax, depth <= Self.depthMax else {
      throw ValidationError(
        field: "metadata", problem: "has too many conditions",
        expected: "at most \(Self.conditionsMax), nested at most \(Self.depthMax) deep")
    }
    switch self {
    case .all(let parts), .any(let parts):
      for part in parts { try part.validate(depth: depth + 1, count: &count) }
    case .not(let part): try part.validate(depth: depth + 1, count: &count)
    case .lessThan(let key, let operand), .atMost(let key, let operand),
      .greaterThan(let key, let operand), .atLeast(let key, let operand):
      try Self.check([key])
      switch operand {
      case .text(let text): try Self.check([text])
      case .number(let number):
        guard number.isFinite else {
          throw ValidationError(
            field: "metadata", problem: "compares with \(number)", expected: "a finite number")
        }
      }
    case .exists(let key): try Self.check([key])
    case .equals(let key, let text), .contains(let key, let text): try Self.check([key, text])
    case .isAnyOf(let key, let values): try Self.check([key] + values)
    }
  }

  private static func check(_ texts: [String]) throws(ValidationError) {
    guard texts.allSatisfy({ !$0.utf8.contains(0) }) else {
      throw ValidationError(
        field: "metadata", problem: "has a condition with a NUL character",
        expected: "text without one")
    }
  }
}

extension [String: String] {
  /// The value under a key spelled with the same bytes: Swift takes two spellings of one character for
  /// equal, the store does not.
  fileprivate subscript(exactly key: String) -> String? {
    guard let index = index(forKey: key), self[index].key.utf8.elementsEqual(key.utf8) else {
      return nil
    }
    return self[index].value
  }
}

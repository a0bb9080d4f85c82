/// What a JSON value must look like, checked with the path of the field that does not.
///
/// A decoder skips fields it does not know; an import that did so would lose data without a word.
package indirect enum JSONShape: Sendable {
  case any
  case text
  /// A string that names a record or an owner; its rules are checked where it is used.
  case identifier
  /// A string that says something, of so many characters at most; checked where it is used.
  case words(Int)
  /// A string that a regular expression describes; checked where it is used.
  case pattern(String, expectation: String)
  /// A string of so many characters.
  case sized(ClosedRange<Int>)
  case flag
  /// True and nothing else: that something is meant.
  case yes
  case whole
  /// A whole number within bounds.
  case count(ClosedRange<Int>)
  case number(String)
  /// A number within bounds.
  case bounded(ClosedRange<Double>, String)
  /// A number from 0 to 1.
  case share
  case timestamp
  /// A time, or how long ago it was.
  case moment
  case tag
  case choice([String])
  case list(of: JSONShape)
  /// A list of so many values.
  case items(JSONShape, ClosedRange<Int>)
  /// An object whose values are all strings, with names of any kind.
  case textMap
  case object(Fields)
  /// An object whose field `kind` says which other fields it has.
  case variants(name: String, byKind: [String: Fields])

  /// The fields of an object, and what it is called in messages.
  package struct Fields: Sendable {
    package var name: String
    /// In the order in which they are told.
    package var all: [Field]
    var byName: [String: Field]
    var required: [Field]

    package init(_ name: String, _ fields: [Field]) {
      self.name = name
      all = fields
      byName = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0) })
      required = fields.filter(\.isRequired)
    }
  }

  package struct Field: Sendable {
    package var name: String
    package var shape: JSONShape
    package var isRequired: Bool
    /// What the field means, for whoever fills it in.
    package var note: String?

    package static func required(
      _ name: String, _ shape: JSONShape, _ note: String? = nil
    ) -> Field {
      Field(name: name, shape: shape, isRequired: true, note: note)
    }

    package static func optional(
      _ name: String, _ shape: JSONShape, _ note: String? = nil
    ) -> Field {
      Field(name: name, shape: shape, isRequired: false, note: note)
    }
  }

  /// An object whose field `kind` is one of the names in `kinds` and says which other fields it has.
  package static func variants(_ name: String, _ kinds: [String: [Field]]) -> JSONShape {
    let kind = Field.required("kind", .choice(kinds.keys.sorted()))
    return .variants(
      name: name,
      byKind: Dictionary(
        uniqueKeysWithValues: kinds.map {
          ($0.key, Fields("\(name) of kind '\($0.key)'", $0.value + [kind]))
        }))
  }

  /// A value that does not have the shape.
  package struct Mismatch: Error {
    /// The path of the field, such as `steps[2].latency`.
    package var path: String
    package var problem: String
    package var advice: String

    func inside(_ parent: String) -> Mismatch {
      let separator = path.isEmpty || path.hasPrefix("[") ? "" : "."
      return Mismatch(path: parent + separator + path, problem: problem, advice: advice)
    }
  }

  /// Checks `value` and everything in it.
  ///
  /// - Complexity: linear in the size of the value.
  package func check(_ value: JSONValue) throws(Mismatch) {
    switch (self, value) {
    case (.any, _), (.text, .string), (.identifier, .string), (.words, .string),
      (.pattern, .string), (.flag, .bool),
      (.yes, .bool(true)), (.whole, .integer), (.number, .integer), (.number, .number):
      return
    case (.count(let range), .integer(let number)):
      guard range.contains(Int(number)) else { throw mismatch("is \(number)") }
    case (.count(let range), .number(let number)):
      guard let whole = Int(exactly: number), range.contains(whole) else {
        throw mismatch("is \(number)")
      }
    case (.whole, .number(let number)):
      guard Int64(exactly: number) != nil else { throw mismatch("is \(number)") }
    case (.share, .integer(let number)):
      guard (0...1).contains(number) else { throw mismatch("is \(number)") }
    case (.share, .number(let number)):
      guard (0...1).contains(number) else { throw mismatch("is \(number)") }
    case (.bounded(let range, _), .integer(let number)):
      guard range.contains(Double(number)) else { throw mismatch("is \(number)") }
    case (.bounded(let range, _), .number(let number)):
      guard range.contains(number) else { throw mismatch("is \(number)") }
    case (.sized(let range), .string(let text)):
      let count = text.count
      guard range.contains(count) else { throw mismatch("has \(count) characters") }
    case (.moment, .string(let text)):
      guard Moment(text) != nil else {
        throw mismatch("is \(Self.quoted(text))")
      }
    case (.timestamp, .string(let text)):
      guard Timestamp(text) != nil else { throw mismatch("is \(Self.quoted(text))") }
    case (.tag, .string(let text)):
      do throws(ValidationError) {
        _ = try Tag(text)
      } catch {
        throw mismatch("is \(Self.quoted(text))")
      }
    case (.choice(let names), .string(let text)):
      guard names.contains(text) else {
        throw Mismatch(
          path: "", problem: "is \(Self.quoted(text))",
          advice: NearName.of(text, among: names).map { "did you mean '\($0)'?" }
            ?? "expected " + expectation)
      }
    case (.items(let shape, let range), .array(let values)):
      guard range.contains(values.count) else {
        throw mismatch(values.isEmpty ? "is empty" : "has \(values.count) values")
      }
      try JSONShape.list(of: shape).check(.array(values))
    case (.list(let shape), .array(let values)):
      for (index, value) in values.enumerated() {
        do throws(Mismatch) {
          try shape.check(value)
        } catch {
          throw error.inside("[\(index)]")
        }
      }
    case (.textMap, .object(let values)):
      let bad = values.filter { if case .string = $0.value { false } else { true } }
      if let (name, value) = bad.min(by: { $0.key < $1.key }) {
        throw JSONShape.text.mismatch("is \(value.kindDescription)").inside(Self.pathName(name))
      }
    case (.object(let fields), .object(let values)):
      try Self.check(values, against: fields)
    case (.variants(let name, let kinds), .object(let values)):
      if case .string(let kind) = values["kind"], let fields = kinds[kind] {
        try Self.check(values, against: fields)
      } else {
        // Says what is wrong with the kind itself.
        let kind = Field.required("kind", .choice(kinds.keys.sorted()))
        try Self.check(
          ["kind": values["kind"] ?? .null], against: Fields(name, [kind]))
      }
    case (.yes, .bool): throw mismatch("is false")
    default: throw mismatch("is \(value.kindDescription)")
    }
  }

  private func mismatch(_ problem: String) -> Mismatch {
    Mismatch(path: "", problem: problem, advice: "expected " + expectation)
  }

  private static func check(
    _ values: [String: JSONValue], against fields: Fields
  ) throws(Mismatch) {
    do throws(Mismatch) {
      for (key, value) in values { try check(key, value, against: fields) }
    } catch {
      // The order of a dictionary changes from run to run; the message should not.
      for (key, value) in values.sorted(by: { $0.key < $1.key }) {
        try check(key, value, against: fields)
      }
    }
    for field in fields.required {
      if case .null = values[field.name] ?? .null {
        throw Mismatch(
          path: field.name, problem: "is missing",
          advice: "expected " + field.shape.expectation)
      }
    }
  }

  private static func check(
    _ key: String, _ value: JSONValue, against fields: Fields
  ) throws(Mismatch) {
    guard let field = fields.byName[key] else {
      let names = fields.byName.keys.sorted()
      throw Mismatch(
        path: pathName(key), problem: "is not a field of \(fields.name)",
        advice: NearName.of(key, among: names).map { "did you mean '\($0)'?" }
          ?? "expected " + names.joined(separator: ", "))
    }
    if case .null = value { return }
    do throws(Mismatch) {
      try field.shape.check(value)
    } catch {
      throw error.inside(key)
    }
  }

  /// A name from the file as part of a path: quoted where it would be mistaken for something else.
  private static func pathName(_ name: String) -> String {
    let isPlain =
      !name.isEmpty && name.count <= 60
      && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
    return isPlain ? name : quoted(name)
  }

  private static func quoted(_ text: String) -> String {
    "'" + PrintableText.line(String(text.prefix(60))) + "'"
  }
}

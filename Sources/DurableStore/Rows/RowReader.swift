import Episodes

/// Takes the values of one row from left to right.
struct RowReader<Values: RowValues> {
  private let table: String
  private let columns: [String]
  private let values: Values
  private var index = 0

  init(table: String, columns: [String], values: Values, startingAt index: Int = 0) {
    self.table = table
    self.columns = columns
    self.values = values
    self.index = index
  }

  /// The error of a value just read.
  func failure(_ problem: String) -> DurableStoreError {
    let column = index > 0 && index <= columns.count ? columns[index - 1] : "\(index)"
    return .corrupt(table: table, column: column, problem: problem)
  }

  private mutating func next() throws(DurableStoreError) -> SQLValue {
    index += 1
    guard index <= values.count else { throw failure("missing") }
    return values[index - 1]
  }

  mutating func optionalText() throws(DurableStoreError) -> String? {
    switch try next() {
    case .text(let text): return text
    case .null: return nil
    default: throw failure("not a text")
    }
  }

  mutating func text() throws(DurableStoreError) -> String {
    guard let text = try optionalText() else { throw failure("is null") }
    return text
  }

  mutating func optionalInteger() throws(DurableStoreError) -> Int64? {
    switch try next() {
    case .integer(let integer): return integer
    case .null: return nil
    default: throw failure("not an integer")
    }
  }

  mutating func integer() throws(DurableStoreError) -> Int64 {
    guard let integer = try optionalInteger() else { throw failure("is null") }
    return integer
  }

  mutating func optionalReal() throws(DurableStoreError) -> Double? {
    switch try next() {
    case .real(let real): return real
    case .integer(let integer): return Double(integer)
    case .null: return nil
    default: throw failure("not a number")
    }
  }

  mutating func real() throws(DurableStoreError) -> Double {
    guard let real = try optionalReal() else { throw failure("is null") }
    return real
  }

  mutating func blob() throws(DurableStoreError) -> [UInt8] {
    guard case .blob(let bytes) = try next() else { throw failure("not a blob") }
    return bytes
  }

  mutating func timestamp() throws(DurableStoreError) -> Timestamp {
    Timestamp(nanosecondsSince1970: try integer())
  }

  mutating func optionalTimestamp() throws(DurableStoreError) -> Timestamp? {
    try optionalInteger().map(Timestamp.init(nanosecondsSince1970:))
  }

  /// A text that names a case.
  mutating func name<Name: RawRepresentable>(
    _ type: Name.Type
  ) throws(DurableStoreError) -> Name where Name.RawValue == String {
    guard let name = try optionalName(type) else { throw failure("is null") }
    return name
  }

  mutating func optionalName<Name: RawRepresentable>(
    _ type: Name.Type
  ) throws(DurableStoreError) -> Name? where Name.RawValue == String {
    guard let text = try optionalText() else { return nil }
    guard let name = Name(rawValue: text) else { throw failure("unknown value '\(text)'") }
    return name
  }

  /// A JSON text.
  mutating func json<Value>(
    _ decode: (String) throws(JSONTextError) -> Value
  ) throws(DurableStoreError) -> Value {
    guard let value = try optionalJSON(decode) else { throw failure("is null") }
    return value
  }

  mutating func optionalJSON<Value>(
    _ decode: (String) throws(JSONTextError) -> Value
  ) throws(DurableStoreError) -> Value? {
    guard let text = try optionalText() else { return nil }
    do {
      return try decode(text)
    } catch {
      throw failure(error.problem)
    }
  }
}

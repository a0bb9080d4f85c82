/// Reads one JSON value (RFC 8259), strictly.
///
/// Refuses what would lose something without a word: a field named twice, half a surrogate pair, a
/// number beyond the range of double precision. Whole numbers that fit 64 bits stay integers. A general
/// decoder tells neither where text is wrong nor `1` from a value that only fits a double, and takes
/// several times as long.
public struct JSONReader {
  let bytes: UnsafeRawBufferPointer
  private let depthMax: Int
  private let allowsRepeatedFields: Bool
  /// Of the byte that is read next.
  var position = 0

  /// Reads `bytes`, which must be valid UTF-8 and hold nothing but one value and white space.
  ///
  /// - Parameter depthMax: how many objects and lists may stand inside one another, so that no bytes
  ///   can exhaust the stack.
  /// - Parameter allowsRepeatedFields: whether the last of fields with one name counts, instead of
  ///   an error.
  /// - Complexity: linear in the number of bytes.
  public static func value(
    of bytes: UnsafeRawBufferPointer, depthMax: Int = 128, allowsRepeatedFields: Bool = false
  ) throws(JSONSyntaxError) -> JSONValue {
    var reader = JSONReader(
      bytes: bytes, depthMax: depthMax, allowsRepeatedFields: allowsRepeatedFields)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.position == bytes.count else {
      throw reader.error("goes on after the end of the value")
    }
    return value
  }

  /// Reads a text that holds nothing but one value and white space.
  public static func value(
    of text: String, depthMax: Int = 128, allowsRepeatedFields: Bool = false
  ) throws(JSONSyntaxError) -> JSONValue {
    var text = text
    let result = text.withUTF8 { utf8 in
      Result { () throws(JSONSyntaxError) in
        try value(
          of: UnsafeRawBufferPointer(utf8), depthMax: depthMax,
          allowsRepeatedFields: allowsRepeatedFields)
      }
    }
    return try result.get()
  }

  /// Reads the one value that begins at a place, and moves the place behind it.
  ///
  /// - Parameter bytes: which must be valid UTF-8.
  package static func value(
    in bytes: UnsafeRawBufferPointer, at position: inout Int, depthMax: Int
  ) throws(JSONSyntaxError) -> JSONValue {
    var reader = JSONReader(bytes: bytes, depthMax: depthMax, allowsRepeatedFields: false)
    reader.position = position
    let value = try reader.value(depth: 0)
    position = reader.position
    return value
  }

  // SAFETY: a reader lives inside `value` only, and checks each index against the count.
  private init(bytes: UnsafeRawBufferPointer, depthMax: Int, allowsRepeatedFields: Bool) {
    self.allowsRepeatedFields = allowsRepeatedFields
    self.bytes = bytes
    self.depthMax = depthMax
  }

  private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    guard depth <= depthMax else {
      throw error("is nested deeper than \(depthMax) levels")
    }
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"):
      try word("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try word("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try word("null")
      return .null
    case UInt8(ascii: "-"), (UInt8(ascii: "0")...UInt8(ascii: "9"))?: return try number()
    case nil: throw error("ends where a value is expected")
    default: throw error("a value is expected")
    }
  }

  private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    position += 1
    var fields: [String: JSONValue] = [:]
    skipSpace()
    if skip("}") { return .object(fields) }
    while true {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw error("a field name in quotes is expected") }
      let start = position
      let name = try string()
      skipSpace()
      guard skip(":") else { throw error("':' is expected after a field name") }
      let value = try value(depth: depth + 1)
      guard fields.updateValue(value, forKey: name) == nil || allowsRepeatedFields else {
        position = start
        throw error("the field '\(name.prefix(60))' stands twice in one object")
      }
      skipSpace()
      if skip(",") { continue }
      guard skip("}") else { throw error("',' or '}' is expected") }
      return .object(fields)
    }
  }

  private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    position += 1
    var values: [JSONValue] = []
    skipSpace()
    if skip("]") { return .array(values) }
    while true {
      values.append(try value(depth: depth + 1))
      skipSpace()
      if skip(",") { continue }
      guard skip("]") else { throw error("',' or ']' is expected") }
      return .array(values)
    }
  }

  private mutating func number() throws(JSONSyntaxError) -> JSONValue {
    let start = position
    let isNegative = skip("-")
    let digits = position
    var magnitude: UInt64 = 0
    var fits = true
    while let digit = peekDigit {
      let (tens, overflow1) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = tens.addingReportingOverflow(UInt64(digit))
      fits = fits && !overflow1 && !overflow2
      magnitude = sum
      position += 1
    }
    guard position > digits else { throw error("a digit is expected") }
    guard bytes[digits] != UInt8(ascii: "0") || position == digits + 1 else {
      position = digits
      throw error("a number begins with 0")
    }
    var isWhole = true
    if skip(".") {
      isWhole = false
      try skipDigits()
    }
    if skip("e") || skip("E") {
      isWhole = false
      if !skip("+") { _ = skip("-") }
      try skipDigits()
    }
    if isWhole, fits {
      if !isNegative, let value = Int64(exactly: magnitude) { return .integer(value) }
      if isNegative, magnitude > 0, magnitude <= UInt64(Int64.max) + 1 {
        return .integer(Int64(truncatingIfNeeded: 0 &- magnitude))
      }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      position = start
      throw error("a number beyond the range of double precision")
    }
    return .number(value)
  }

  private mutating func skipDigits() throws(JSONSyntaxError) {
    guard peekDigit != nil else { throw error("a digit is expected") }
    while peekDigit != nil { position += 1 }
  }

  private mutating func word(_ text: StaticString) throws(JSONSyntaxError) {
    let start = position
    for index in 0..<text.utf8CodeUnitCount {
      // SAFETY: the index is below the number of code units.
      guard peek == text.utf8Start[index] else {
        position = start
        throw error("a value is expected")
      }
      position += 1
    }
  }

  var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private var peekDigit: UInt8? {
    guard let byte = peek, byte >= 0x30, byte <= 0x39 else { return nil }
    return byte - 0x30
  }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  func error(_ problem: String) -> JSONSyntaxError {
    JSONSyntaxError(column: position + 1, problem: problem)
  }
}

/// Reads one JSON value (RFC 8259), strictly.
///
/// Refuses what would lose something without a word: a field named twice, half a surrogate pair, a
/// number beyond the range of double precision. Whole numbers that fit 64 bits stay integers. A general
/// decoder tells neither where text is wrong nor `1` from a value that only fits a double, and takes
/// several times as long.
public struct JSONReader {
  private let bytes: UnsafeRawBufferPointer
  private let depthMax: Int
  private let allowsRepeatedFields: Bool
  private var position = 0

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

  private mutating func string() throws(JSONSyntaxError) -> String {
    position += 1
    let start = position
    while let byte = peek {
      if byte == UInt8(ascii: "\"") {
        let text = String(
          decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        position += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
      guard byte >= 0x20 else { throw error("a control character in a string; write it as \\u") }
      position += 1
    }
    throw error("ends inside a string")
  }

  /// The rest of a string from its first escape on; `start` is where the string began.
  private mutating func escapedString(from start: Int) throws(JSONSyntaxError) -> String {
    var text = Array(bytes[start..<position])
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        try appendEscape(to: &text)
      case 0x20...:
        text.append(byte)
        position += 1
      default: throw error("a control character in a string; write it as \\u")
      }
    }
    throw error("ends inside a string")
  }

  private mutating func appendEscape(to text: inout [UInt8]) throws(JSONSyntaxError) {
    guard let byte = peek else { throw error("ends inside a string") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var code = UInt32(try codeUnit())
      if (0xD800..<0xDC00).contains(code) {
        guard skip("\\"), skip("u") else { throw error("half of a surrogate pair") }
        let low = UInt32(try codeUnit())
        guard (0xDC00..<0xE000).contains(low) else { throw error("half of a surrogate pair") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw error("half of a surrogate pair") }
      text.append(contentsOf: UTF8.encode(scalar)!)
    default:
      position -= 1
      throw error("an unknown escape in a string")
    }
  }

  private mutating func codeUnit() throws(JSONSyntaxError) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error("four hexadecimal digits are expected after \\u")
      }
      value = value << 4 | UInt16(digit)
      position += 1
    }
    return value
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

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private var peekDigit: UInt8? {
    guard let byte = peek, byte >= 0x30, byte <= 0x39 else { return nil }
    return byte - 0x30
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private func error(_ problem: String) -> JSONSyntaxError {
    JSONSyntaxError(column: position + 1, problem: problem)
  }
}

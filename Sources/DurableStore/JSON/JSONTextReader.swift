import Episodes

/// Text that is not JSON, or not the JSON its column holds.
struct JSONTextError: Error {
  var problem: String
}

/// Reads JSON text (RFC 8259) into ``JSONValue``: numbers without fraction and exponent that fit 64
/// bits stay integers.
struct JSONTextReader {
  /// The deepest nesting taken; SQLite's own functions and Foundation's decoder take a little more.
  static let depthMax = 500

  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0

  /// Parses a whole text.
  static func parse(_ text: String) throws(JSONTextError) -> JSONValue {
    var text = text
    // SAFETY: the reader lives inside the closure only, and checks each index against the count.
    let result: Result<JSONValue, JSONTextError> = text.withUTF8 { bytes in
      var reader = JSONTextReader(bytes: bytes)
      do throws(JSONTextError) {
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.index == bytes.count else { throw reader.failure("text after the value") }
        return .success(value)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private func failure(_ problem: String) -> JSONTextError {
    JSONTextError(problem: "not JSON: \(problem) at byte \(index)")
  }

  private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
      index += 1
    }
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard current == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONTextError) -> JSONValue {
    guard depth <= Self.depthMax else { throw failure("nested too deeply") }
    skipSpace()
    switch current {
    case UInt8(ascii: "{"): return .object(try object(depth: depth))
    case UInt8(ascii: "["): return .array(try array(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONTextError) -> JSONValue {
    let end = index + word.utf8CodeUnitCount
    let matches = word.withUTF8Buffer { end <= bytes.count && $0.elementsEqual(bytes[index..<end]) }
    guard matches else { throw failure("unknown word") }
    index = end
    return value
  }

  private mutating func array(depth: Int) throws(JSONTextError) -> [JSONValue] {
    index += 1
    var values: [JSONValue] = []
    skipSpace()
    if skip("]") { return values }
    while true {
      values.append(try value(depth: depth + 1))
      skipSpace()
      if skip("]") { return values }
      guard skip(",") else { throw failure("expected ',' or ']'") }
    }
  }

  private mutating func object(depth: Int) throws(JSONTextError) -> [String: JSONValue] {
    index += 1
    var values: [String: JSONValue] = [:]
    skipSpace()
    if skip("}") { return values }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw failure("expected a key") }
      let key = try string()
      skipSpace()
      guard skip(":") else { throw failure("expected ':'") }
      values[key] = try value(depth: depth + 1)
      skipSpace()
      if skip("}") { return values }
      guard skip(",") else { throw failure("expected ',' or '}'") }
    }
  }

  private mutating func number() throws(JSONTextError) -> JSONValue {
    let start = index
    var isInteger = true
    scanning: while let byte = current {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): break
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"):
        isInteger = false
      default: break scanning
      }
      index += 1
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    if isInteger, let integer = Int64(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else {
      index = start
      throw failure("expected a value")
    }
    return .number(number)
  }
}

extension JSONTextReader {
  private mutating func string() throws(JSONTextError) -> String {
    index += 1
    let start = index
    while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { index += 1 }
    if skip("\"") { return String(decoding: bytes[start..<(index - 1)], as: UTF8.self) }
    var text = Array(bytes[start..<index])
    while let byte = current {
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &text)
      default: text.append(byte)
      }
    }
    throw failure("unfinished string")
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONTextError) {
    guard let byte = current else { throw failure("unfinished string") }
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0c)
    case UInt8(ascii: "n"): text.append(0x0a)
    case UInt8(ascii: "r"): text.append(0x0d)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text.append(contentsOf: Array(String(try scalar()).utf8))
    default: throw failure("unknown escape")
    }
  }

  /// The scalar after `\u`, with the second half of a surrogate pair if there is one.
  private mutating func scalar() throws(JSONTextError) -> Unicode.Scalar {
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xd800..<0xdc00).contains(first), skip("\\"), skip("u") else {
      throw failure("half a surrogate pair")
    }
    let second = try hexadecimal()
    guard (0xdc00..<0xe000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
    else { throw failure("half a surrogate pair") }
    return scalar
  }

  private mutating func hexadecimal() throws(JSONTextError) -> UInt32 {
    guard index + 4 <= bytes.count else { throw failure("unfinished escape") }
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else {
        throw failure("unknown escape")
      }
      value = value << 4 | UInt32(digit)
      index += 1
    }
    return value
  }
}

import Episodes

extension JSONText {
  /// The value that `text` holds.
  ///
  /// - Throws: ``WireError/json`` for malformed text, text after the value, or nesting deeper than
  ///   ``depthMax``.
  static func value(_ text: String) throws(WireError) -> JSONValue {
    var text = text
    let result: Result<JSONValue, WireError> = text.withUTF8 { utf8 in
      Result { () throws(WireError) in
        var reader = Reader(bytes: UnsafeRawBufferPointer(utf8))
        let value = try reader.value(depth: 0)
        guard reader.position == utf8.count else { throw .json }
        return value
      }
    }
    return try result.get()
  }

  /// Reads the text that ``JSONText/text(_:)`` writes: JSON without white space.
  private struct Reader {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    mutating func value(depth: Int) throws(WireError) -> JSONValue {
      guard depth <= JSONText.depthMax, position < bytes.count else { throw .json }
      switch bytes[position] {
      case UInt8(ascii: "\""): return .string(try string())
      case UInt8(ascii: "{"): return try object(depth: depth)
      case UInt8(ascii: "["): return try array(depth: depth)
      case UInt8(ascii: "t"):
        try expect("true")
        return .bool(true)
      case UInt8(ascii: "f"):
        try expect("false")
        return .bool(false)
      case UInt8(ascii: "n") where bytes.count > position + 1 && bytes[position + 1] == 0x75:
        try expect("null")
        return .null
      default: return try number()
      }
    }

    private mutating func object(depth: Int) throws(WireError) -> JSONValue {
      position += 1
      var members: [String: JSONValue] = [:]
      if skip(UInt8(ascii: "}")) { return .object(members) }
      repeat {
        let key = try string()
        guard skip(UInt8(ascii: ":")) else { throw .json }
        members[key] = try value(depth: depth + 1)
      } while skip(UInt8(ascii: ","))
      guard skip(UInt8(ascii: "}")) else { throw .json }
      return .object(members)
    }

    private mutating func array(depth: Int) throws(WireError) -> JSONValue {
      position += 1
      var elements: [JSONValue] = []
      if skip(UInt8(ascii: "]")) { return .array(elements) }
      repeat {
        elements.append(try value(depth: depth + 1))
      } while skip(UInt8(ascii: ","))
      guard skip(UInt8(ascii: "]")) else { throw .json }
      return .array(elements)
    }

    private mutating func number() throws(WireError) -> JSONValue {
      let start = position
      var isInteger = true
      while position < bytes.count {
        let byte = bytes[position]
        if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
          break
        }
        if byte != UInt8(ascii: "-"), !(48...57).contains(byte) { isInteger = false }
        position += 1
      }
      let text = String(decoding: bytes[start..<position], as: UTF8.self)
      if isInteger {
        guard let value = Int64(text) else { throw .json }
        return .integer(value)
      }
      guard let value = Double(text) else { throw .json }
      return .number(value)
    }

    private mutating func string() throws(WireError) -> String {
      guard skip(UInt8(ascii: "\"")) else { throw .json }
      let start = position
      while position < bytes.count {
        let byte = bytes[position]
        if byte == UInt8(ascii: "\"") {
          defer { position += 1 }
          return String(decoding: bytes[start..<position], as: UTF8.self)
        }
        if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
        position += 1
      }
      throw .json
    }

    /// The string that starts at `start`, whose first escape is at `position`.
    private mutating func escapedString(from start: Int) throws(WireError) -> String {
      var text = Array(bytes[start..<position])
      while position < bytes.count {
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
        case UInt8(ascii: "\\"): text.append(try escape())
        default: text.append(byte)
        }
      }
      throw .json
    }

    private mutating func escape() throws(WireError) -> UInt8 {
      guard position < bytes.count else { throw .json }
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): return byte
      case UInt8(ascii: "n"): return UInt8(ascii: "\n")
      case UInt8(ascii: "r"): return UInt8(ascii: "\r")
      case UInt8(ascii: "t"): return UInt8(ascii: "\t")
      case UInt8(ascii: "u"):
        // Only control characters are written this way.
        guard position + 4 <= bytes.count,
          let code = UInt8(
            String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
          code < 0x20
        else { throw .json }
        position += 4
        return code
      default: throw .json
      }
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
      guard position < bytes.count, bytes[position] == byte else { return false }
      position += 1
      return true
    }

    private mutating func expect(_ word: StaticString) throws(WireError) {
      let end = position + word.utf8CodeUnitCount
      guard end <= bytes.count else { throw .json }
      for offset in 0..<word.utf8CodeUnitCount {
        // SAFETY: the offset is below the length of the static text.
        guard bytes[position + offset] == word.utf8Start[offset] else { throw .json }
      }
      position = end
    }
  }
}

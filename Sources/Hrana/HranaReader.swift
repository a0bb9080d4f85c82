internal import Episodes

/// Reads a message from bytes that are valid UTF-8, value by value, without making anything of what is not wanted.
///
/// It takes what programs write: names without escapes, each once, and the type of a value first. All else is left to
/// the general way, which also says what is wrong with it.
public struct HranaReader {
  /// Bytes that the general way has to read.
  public struct Unsuited: Error {}

  private let bytes: UnsafeRawBufferPointer
  private(set) var position = 0
  /// Whether a value of the object or list at hand has just ended.
  private var isAfterValue = false

  /// Those of messages have fewer levels than this above them.
  private static let depthMax = 96

  // SAFETY: a reader lives no longer than the bytes; each index is checked against their count.
  package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Whether all was read.
  var isAtEnd: Bool {
    mutating get {
      skipSpace()
      return position == bytes.count
    }
  }

  // MARK: - Objects and lists

  mutating func beginObject() throws(Unsuited) { try begin(UInt8(ascii: "{")) }
  mutating func beginList() throws(Unsuited) { try begin(UInt8(ascii: "[")) }

  private mutating func begin(_ byte: UInt8) throws(Unsuited) {
    skipSpace()
    guard take(byte) else { throw Unsuited() }
    isAfterValue = false
  }

  /// The name of the next field of the object at hand; nil after the last. Its value must be read next.
  mutating func nextName() throws(Unsuited) -> UnsafeRawBufferPointer? {
    guard try goOn(until: UInt8(ascii: "}")) else { return nil }
    let name = try plainString()
    skipSpace()
    guard take(UInt8(ascii: ":")) else { throw Unsuited() }
    isAfterValue = false
    return name
  }

  /// Goes to the next value of the list at hand.
  ///
  /// - Returns: false after the last.
  mutating func nextElement() throws(Unsuited) -> Bool { try goOn(until: UInt8(ascii: "]")) }

  private mutating func goOn(until end: UInt8) throws(Unsuited) -> Bool {
    skipSpace()
    if take(end) {
      isAfterValue = true
      return false
    }
    if isAfterValue {
      guard take(UInt8(ascii: ",")) else { throw Unsuited() }
      skipSpace()
      guard peek != end else { throw Unsuited() }
    }
    isAfterValue = false
    return true
  }

  /// Ends an object that has no more fields.
  mutating func endObject() throws(Unsuited) {
    guard try nextName() == nil else { throw Unsuited() }
  }

  /// The text of the field `type`, which must be the first of an object.
  mutating func type() throws(Unsuited) -> UnsafeRawBufferPointer {
    try beginObject()
    try expect("type")
    return try plainString()
  }

  /// The next field must have this name.
  mutating func expect(_ name: StaticString) throws(Unsuited) {
    guard let found = try nextName(), Self.isEqual(found, name) else { throw Unsuited() }
  }

  static func isEqual(_ bytes: UnsafeRawBufferPointer, _ name: StaticString) -> Bool {
    guard bytes.count == name.utf8CodeUnitCount else { return false }
    return bytes.elementsEqual(UnsafeRawBufferPointer(start: name.utf8Start, count: bytes.count))
  }

  /// Notes that a field was there, which may be there once.
  static func note(_ bit: UInt32, _ seen: inout UInt32) throws(Unsuited) {
    guard seen & bit == 0 else { throw Unsuited() }
    seen |= bit
  }

  // MARK: - Values

  /// Takes a null, if it is one.
  mutating func takeNull() -> Bool {
    skipSpace()
    guard position + 4 <= bytes.count,
      Self.isEqual(UnsafeRawBufferPointer(rebasing: bytes[position..<position + 4]), "null")
    else { return false }
    position += 4
    isAfterValue = true
    return true
  }

  /// The bytes of a string that has no escapes.
  package mutating func plainString() throws(Unsuited) -> UnsafeRawBufferPointer {
    skipSpace()
    guard take(UInt8(ascii: "\"")) else { throw Unsuited() }
    let end = JSONBytes.plainEnd(of: bytes, from: position)
    guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else { throw Unsuited() }
    defer {
      position = end + 1
      isAfterValue = true
    }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<end])
  }

  mutating func string() throws(Unsuited) -> String {
    skipSpace()
    let start = position
    if let plain = try? plainString() { return String(decoding: plain, as: UTF8.self) }
    position = start
    guard case .string(let text) = try json() else { throw Unsuited() }
    return text
  }

  /// Adds the bytes of a string whose escapes are undone.
  ///
  /// - Throws: `Unsuited`, also after it has added some of them.
  mutating func string(into text: inout [UInt8]) throws(Unsuited) {
    skipSpace()
    guard take(UInt8(ascii: "\"")) else { throw Unsuited() }
    while true {
      let end = JSONBytes.plainEnd(of: bytes, from: position)
      text.append(contentsOf: bytes[position..<end])
      position = end
      if take(UInt8(ascii: "\"")) { break }
      guard take(UInt8(ascii: "\\")), let byte = peek else { throw Unsuited() }
      position += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
      case UInt8(ascii: "n"): text.append(0x0A)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "r"): text.append(0x0D)
      case UInt8(ascii: "b"): text.append(0x08)
      case UInt8(ascii: "f"): text.append(0x0C)
      case UInt8(ascii: "u"):
        // Halves of pairs are for the general way.
        guard let scalar = Unicode.Scalar(try hexadecimal()) else { throw Unsuited() }
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      default: throw Unsuited()
      }
    }
    isAfterValue = true
  }

  /// Four digits.
  private mutating func hexadecimal() throws(Unsuited) -> UInt32 {
    var sum: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw Unsuited()
      }
      sum = sum << 4 | UInt32(digit)
      position += 1
    }
    return sum
  }

  mutating func optionalString() throws(Unsuited) -> String? { takeNull() ? nil : try string() }

  mutating func flag() throws(Unsuited) -> Bool {
    guard case .bool(let flag) = try json() else { throw Unsuited() }
    return flag
  }

  mutating func integer() throws(Unsuited) -> Int {
    guard case .integer(let integer) = try json() else { throw Unsuited() }
    return Int(integer)
  }

  /// A whole number of 64 bits in a string.
  mutating func long() throws(Unsuited) -> Int64 {
    let digits = try plainString()
    let isNegative = digits.first == UInt8(ascii: "-")
    let rest = digits.dropFirst(isNegative ? 1 : 0)
    guard (1...18).contains(rest.count) else {
      guard let integer = Int64(String(decoding: digits, as: UTF8.self)) else { throw Unsuited() }
      return integer
    }
    var sum: Int64 = 0
    for digit in rest {
      guard digit >= 0x30, digit <= 0x39 else { throw Unsuited() }
      sum = sum * 10 + Int64(digit - 0x30)
    }
    return isNegative ? -sum : sum
  }

  /// Any value, in the general way.
  mutating func json() throws(Unsuited) -> JSONValue {
    do throws(JSONSyntaxError) {
      let value = try JSONReader.value(in: bytes, at: &position, depthMax: Self.depthMax)
      isAfterValue = true
      return value
    } catch {
      throw Unsuited()
    }
  }

  mutating func list<Message: HranaMessage>(
    _ type: Message.Type = Message.self
  ) throws(Unsuited) -> [Message] {
    if takeNull() { return [] }
    try beginList()
    var messages: [Message] = []
    while try nextElement() { messages.append(try Message(reading: &self)) }
    return messages
  }

  /// A list in which messages may be missing.
  mutating func optionals<Message: HranaMessage>(
    _ type: Message.Type = Message.self
  ) throws(Unsuited) -> [Message?] {
    if takeNull() { return [] }
    try beginList()
    var messages: [Message?] = []
    while try nextElement() {
      messages.append(takeNull() ? nil : try Message(reading: &self))
    }
    return messages
  }

  // MARK: - Bytes

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }
}

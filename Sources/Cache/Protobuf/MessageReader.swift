/// Reads the fields of one protobuf message in its wire format.
///
/// Episodes are read by it straight into the domain's types, in a third of the time of the generated messages,
/// whose values would only be copied on. The generated code writes every message, and a test has both read
/// the same.
struct MessageReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  /// The number and the wire type of the field that is next.
  private(set) var field = 0
  private var wireType = 0

  // SAFETY: a reader lives inside a closure that the bytes outlive, and checks each position against the
  // count.
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Goes to the next field; false at the end of the message.
  mutating func next() throws(WireError) -> Bool {
    guard position < bytes.count else { return false }
    let tag = try varint()
    field = Int(truncatingIfNeeded: tag >> 3)
    wireType = Int(tag & 7)
    guard tag >> 3 >= 1, tag >> 3 < 1 << 29 else { throw .message }
    return true
  }

  mutating func integer() throws(WireError) -> Int64 {
    guard wireType == 0 else { throw .message }
    return Int64(bitPattern: try varint())
  }

  mutating func fixed() throws(WireError) -> UInt64 {
    guard wireType == 1, bytes.count - position >= 8 else { throw .message }
    defer { position += 8 }
    return UInt64(
      littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
  }

  mutating func double() throws(WireError) -> Double { Double(bitPattern: try fixed()) }

  /// The bytes of a text or of a message in the message.
  mutating func content() throws(WireError) -> UnsafeRawBufferPointer {
    guard wireType == 2 else { throw .message }
    let count = try varint()
    guard count <= UInt64(bytes.count - position) else { throw .message }
    let end = position + Int(count)
    defer { position = end }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<end])
  }

  mutating func text() throws(WireError) -> String {
    String(decoding: try content(), as: UTF8.self)
  }

  mutating func message() throws(WireError) -> MessageReader { MessageReader(try content()) }

  /// Passes over a field that this version does not know.
  mutating func skip() throws(WireError) {
    switch wireType {
    case 0: _ = try varint()
    case 1: _ = try fixed()
    case 2: _ = try content()
    case 5:
      guard bytes.count - position >= 4 else { throw .message }
      position += 4
    default: throw .message
    }
  }

  private mutating func varint() throws(WireError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.count, shift < 64 {
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw .message
  }
}

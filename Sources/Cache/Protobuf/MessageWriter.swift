/// Writes the fields of one protobuf message in its wire format, from bytes where they are.
package struct MessageWriter: Sendable {
  public private(set) var bytes: [UInt8] = []

  package init(reservingBytes count: Int = 0) { bytes.reserveCapacity(count) }

  package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  /// A text, or a message in the message.
  package mutating func content(_ field: Int, _ content: UnsafeRawBufferPointer) {
    tag(field, 2)
    varint(UInt64(content.count))
    bytes.append(contentsOf: content)
  }

  package mutating func text(_ field: Int, _ text: String) {
    var text = text
    text.withUTF8 { content(field, UnsafeRawBufferPointer($0)) }
  }

  package mutating func message(_ field: Int, _ message: MessageWriter) {
    message.bytes.withUnsafeBytes { content(field, $0) }
  }

  package mutating func integer(_ field: Int, _ value: Int64) {
    tag(field, 0)
    varint(UInt64(bitPattern: value))
  }

  package mutating func fixed(_ field: Int, _ value: Int64) {
    tag(field, 1)
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  package mutating func double(_ field: Int, _ value: Double) {
    fixed(field, Int64(bitPattern: value.bitPattern))
  }

  private mutating func tag(_ field: Int, _ wireType: UInt64) {
    varint(UInt64(field) << 3 | wireType)
  }

  @inline(__always)
  private mutating func varint(_ value: UInt64) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }
}

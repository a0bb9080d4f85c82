/// Takes numbers and texts apart that ``BinaryWriter`` put together. The bytes are not trusted: what they do not hold
/// throws.
package struct BinaryReader {
  /// There are fewer bytes than what was to be read takes, or a text is not UTF-8.
  package struct Malformed: Error, CustomStringConvertible {
    package let offset: Int

    package init(offset: Int) { self.offset = offset }

    package var description: String { "is malformed at byte \(offset)" }
  }

  private let bytes: UnsafeRawBufferPointer
  package private(set) var offset = 0

  package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  package var remaining: Int { bytes.count - offset }

  package mutating func number<Number: FixedWidthInteger>(
    _ type: Number.Type = Number.self
  ) throws(Malformed) -> Number {
    let size = MemoryLayout<Number>.size
    guard remaining >= size else { throw Malformed(offset: offset) }
    defer { offset += size }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
  }

  package mutating func float() throws(Malformed) -> Float {
    Float(bitPattern: try number(UInt32.self))
  }

  package mutating func numbers<Number: FixedWidthInteger>(
    _ type: Number.Type = Number.self, count: Int
  ) throws(Malformed) -> [Number] {
    let size = MemoryLayout<Number>.size
    guard count >= 0, count <= remaining / size else { throw Malformed(offset: offset) }
    defer { offset += count * size }
    let source = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count * size])
    var numbers = [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
      // SAFETY: both hold `count * size` bytes, and any bytes are a number.
      UnsafeMutableRawBufferPointer(buffer).copyMemory(from: source)
      initialized = count
    }
    if Number(1).littleEndian != 1 {
      for index in numbers.indices { numbers[index] = Number(littleEndian: numbers[index]) }
    }
    return numbers
  }

  package mutating func text() throws(Malformed) -> String {
    let count = Int(try number(UInt32.self))
    guard count <= remaining,
      let text = String(
        validating: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]),
        as: UTF8.self)
    else { throw Malformed(offset: offset) }
    offset += count
    return text
  }
}

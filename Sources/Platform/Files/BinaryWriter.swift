/// Puts numbers and texts one behind the other, little-endian.
package struct BinaryWriter: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  package mutating func append(_ number: Float) { append(number.bitPattern) }

  /// Numbers without their count.
  package mutating func append<Number: FixedWidthInteger>(_ numbers: [Number]) {
    if Number.bitWidth == 8 || Number(1).littleEndian == 1 {
      numbers.withUnsafeBytes { bytes.append(contentsOf: $0) }
    } else {
      for number in numbers { append(number) }
    }
  }

  /// A text behind the count of its bytes.
  package mutating func append(_ text: String) {
    append(UInt32(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  /// Overwrites what is at `offset`.
  package mutating func replace<Number: FixedWidthInteger>(at offset: Int, with number: Number) {
    withUnsafeBytes(of: number.littleEndian) { value in
      for index in value.indices { bytes[offset + index] = value[index] }
    }
  }
}

import Testing

@testable import VectorMath

@Suite("CRC-32C")
struct CRC32CTests {
  /// RFC 3720, appendix B.4.
  static let vectors: [([UInt8], UInt32)] = [
    ([UInt8](repeating: 0, count: 32), 0x8a91_36aa),
    ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43),
    ([UInt8](0..<32), 0x46dd_794e),
    (Array("123456789".utf8), 0xe306_9283),
    ([], 0),
  ]

  /// Without the instruction of the processor.
  private func byTables(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    ~CRC32C.continued(~0, over: bytes)
  }

  /// Bit by bit, as the polynomial is defined.
  private func bitByBit(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var crc = ~UInt32(0)
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82f6_3b78 : crc >> 1 }
    }
    return ~crc
  }

  @Test("The examples of RFC 3720 have their checksums, with and without the instruction")
  func examples() {
    for (bytes, expected) in Self.vectors {
      #expect(bytes.withUnsafeBytes { CRC32C.checksum(of: $0) } == expected)
      #expect(bytes.withUnsafeBytes { byTables($0) } == expected)
    }
  }

  @Test("Tables and the instruction agree on any length from any address")
  func tablesAgree() {
    var generator = SeededGenerator(seed: 91)
    let bytes = (0..<70_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let lengths = Array(0...70) + [255, 256, 257, 4_095, 4_096, 4_103, 65_537]
    bytes.withUnsafeBytes { bytes in
      for length in lengths {
        for offset in [0, 1, 3, 8, 61] {
          let part = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
          let expected = bitByBit(part)
          #expect(CRC32C.checksum(of: part) == expected, "\(length) bytes from \(offset)")
          #expect(byTables(part) == expected, "\(length) bytes from \(offset)")
        }
      }
    }
  }
}

import Testing
import VectorMath

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

  @Test("The examples of RFC 3720 have their checksums")
  func examples() {
    for (bytes, expected) in Self.vectors {
      #expect(bytes.withUnsafeBytes { CRC32C.checksum(of: $0) } == expected)
    }
  }
}

import Testing

@testable import Embedders

@Suite("BERT's Unicode rules")
struct UnicodeTests {
  /// Printed by make_unicode_tables.py: SHA-256 of the words that `a`, the code point and `b` in a
  /// row are split into, one a line, for every code point but brackets.
  static let expected = "2e30932af3ea3d3480a8acb00b5e46b77e9f7cb22c34e0d25edf9d8e8e9ffbdf"

  @Test("All 1,112,064 code points are folded and split as Hugging Face's tokenizers does it")
  func everyCodePoint() {
    var words: [UInt8] = []
    words.reserveCapacity(10_000_000)
    for value in 0..<UInt32(0x110000) {
      guard let scalar = Unicode.Scalar(value), scalar != "[", scalar != "]" else { continue }
      append(scalar, to: &words)
    }
    #expect(TextHash.contentHash(of: String(decoding: words, as: UTF8.self)) == Self.expected)
  }

  private func append(_ scalar: Unicode.Scalar, to words: inout [UInt8]) {
    let newline = UInt8(ascii: "\n")
    func addWord(_ value: UInt32) {
      words.append(newline)
      words.append(contentsOf: UTF8.encode(Unicode.Scalar(value)!)!)
      words.append(newline)
    }
    words.append(UInt8(ascii: "a"))
    switch BertNormalizer.outcome(of: scalar.value) {
    case .removed: break
    case .space: words.append(newline)
    case .ideograph(let ideograph): addWord(ideograph)
    case .text(let first, let second, let third):
      for part in [first, second, third] where part != 0 {
        if BertNormalizer.isPunctuation(part) {
          addWord(part)
        } else {
          words.append(contentsOf: UTF8.encode(Unicode.Scalar(part)!)!)
        }
      }
    }
    words.append(UInt8(ascii: "b"))
    words.append(newline)
  }
}

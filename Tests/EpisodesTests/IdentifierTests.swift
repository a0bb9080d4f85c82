import Episodes
import Testing

@Suite("Identifiers")
struct IdentifierTests {
  /// Gives the same word for ever.
  private struct Constant: RandomNumberGenerator {
    var value: UInt64
    mutating func next() -> UInt64 { value }
  }

  @Test("A new identifier has the layout of a UUID version 7")
  func layout() {
    // RFC 9562, appendix A.6: 2022-02-22T19:22:22Z is 0x017F22E279B0 milliseconds.
    let time = Timestamp("2022-02-22T19:22:22Z")!
    var ones = Constant(value: .max)
    #expect(Identifier.make(at: time, using: &ones) == "017f22e2-79b0-7fff-bfff-ffffffffffff")
    var zeros = Constant(value: 0)
    #expect(Identifier.make(at: time, using: &zeros) == "017f22e2-79b0-7000-8000-000000000000")
    #expect(Identifier.isValid(Identifier.make(at: time)))
  }

  @Test("Identifiers of later milliseconds sort after earlier ones")
  func order() {
    var time = Timestamp("2026-03-02T09:14:05Z")!
    var previous = ""
    for _ in 0..<1_000 {
      let identifier = Identifier.make(at: time)
      #expect(identifier > previous)
      #expect(identifier.utf8.count == 36)
      previous = identifier
      time.nanosecondsSince1970 += 1_000_000
    }
  }

  @Test("Identifiers of one moment differ")
  func unique() {
    let time = Timestamp("2026-03-02T09:14:05Z")!
    let made = Set((0..<10_000).map { _ in Identifier.make(at: time) })
    #expect(made.count == 10_000)
  }

  @Test("A time before 1970 makes an identifier all the same")
  func beforeEpoch() {
    var zeros = Constant(value: 0)
    #expect(
      Identifier.make(at: Timestamp(nanosecondsSince1970: .min), using: &zeros)
        == "00000000-0000-7000-8000-000000000000")
  }

  @Test("Of two spellings that look alike the composed one is an identifier")
  func normalForm() throws {
    try Identifier.check("caf\u{E9}", field: "id")
    #expect(!Identifier.isValid("cafe\u{301}"))
    let error = #expect(throws: ValidationError.self) {
      try Identifier.check("cafe\u{301}", field: "id")
    }
    #expect(error?.field == "id" && error?.expected.contains("NFC") == true)
    // Marks that no letter is composed with stay as they are; the sign of the Ångström is a letter.
    #expect(Identifier.isValid("x\u{301}") && !Identifier.isValid("\u{212B}"))
  }

  @Test("Printable texts of 1 to 128 characters without spaces are identifiers")
  func validity() {
    for text in [
      "a", "code-0001", "team/a:b#1", "日本語", "é", String(repeating: "x", count: 128), "😀",
    ] {
      #expect(Identifier.isValid(text), "\(text)")
    }
    for text in [
      "", " ", "a b", "a\tb", "a\n", "\u{0}", "a\u{7F}", "a\u{A0}b", "a\u{2028}b", "\u{85}",
      "a\u{3000}b", String(repeating: "x", count: 129),
    ] {
      #expect(!Identifier.isValid(text), "\(text.debugDescription)")
    }
  }

  @Test("Marks piled on one character do not make an identifier longer than its limit in bytes")
  func bytes() {
    let piled = "e" + String(repeating: "\u{301}", count: 10_000)
    #expect(piled.count == 1)
    #expect(!Identifier.isValid(piled))
  }
}

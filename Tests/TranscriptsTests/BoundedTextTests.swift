import Episodes
import Testing

@testable import Transcripts

@Suite("Long texts of transcripts are made short, and no secret survives a cut")
struct BoundedTextTests {
  /// A key that no scanner of secrets takes for real: it is put together here.
  private static let key = "gh" + "p_" + "4f9Kq2Lm8Xw1Zc7Vb3Nt6Ry0Pd5Gh"
  private static let half = "p_4f9Kq"
  private static let otherHalf = "Pd5Gh"
  /// Bytes of each end that are looked at.
  private static let windowBytes = 32 << 10

  private func kept(_ text: String, bytesMax: Int = 4_000) -> String {
    var redactor = SecretRedactor()
    return BoundedText.kept(text, bytesMax: bytesMax, &redactor)
  }

  private func kept(parameter text: String) throws -> String {
    var redactor = SecretRedactor()
    let value = BoundedText.kept(.object(["text": .string(text)]), &redactor)
    return try #require(value["text"]?.text)
  }

  /// What is there, in words.
  private static func words(_ byteCount: Int) -> String {
    String(String(repeating: "so it goes ", count: byteCount / 11 + 1).prefix(byteCount - 1)) + " "
  }

  /// As long, but nothing of it is kept.
  private static func colours(_ byteCount: Int) -> String {
    String(repeating: "\u{1B}[0m", count: byteCount / 4)
      + String(repeating: "\u{0}", count: byteCount % 4)
  }

  @Test(
    "A key that a cut goes through leaves no half, whatever stands around it",
    arguments: ["", "\u{0}", "\u{1B}[0m"], [1, 3, 9, 20])
  func halves(sign: String, offset: Int) throws {
    let key =
      sign.isEmpty
      ? Self.key : Self.key.map(String.init).joined(separator: sign)
    let size = offset * (1 + sign.utf8.count)
    // All else of both ends goes, so that what lies at the cuts would be kept.
    let head = "one " + Self.colours(Self.windowBytes - 5 - size) + " " + key
    let tail = key + " " + Self.colours(Self.windowBytes - 5 - size) + "last"
    let text = kept(head + Self.words(40_000) + tail)
    #expect(text.hasPrefix("one") && text.hasSuffix("last"), "\(text)")
    #expect(!text.contains(Self.half.prefix(3)) && !text.contains(Self.otherHalf.suffix(3)))
    let parameter = try kept(parameter: head + Self.words(40_000) + tail)
    #expect(parameter.hasPrefix("one") && parameter.hasSuffix("last"), "\(parameter)")
    #expect(!parameter.contains("gh") && !parameter.contains(Self.otherHalf.suffix(3)))
  }

  @Test(
    "What is secret for a name that was cut off is not kept",
    arguments: [
      ("Authorization: Basic ", "hunter22abc "), ("Authorization:", " Basic hunter22abc "),
      ("machine h login bob", " password hunter22abc "), ("mysql --password ", "hunter22abc "),
      ("password: \"two words", " and hunter22abc\" "), ("password:\n", "hunter22abc\n"),
    ])
  func namedBefore(name: String, value: String) {
    let end = "the last "
    let rest = Self.colours(Self.windowBytes - value.utf8.count - end.utf8.count) + end
    // What is looked at begins with the value.
    let text = kept(Self.words(60_000) + name + value + rest)
    #expect(text.hasSuffix(end))
    #expect(!text.contains("hunter22abc"), "\(text)")
  }

  @Test("Of a private key that a cut goes through nothing stays")
  func privateKeys() {
    let lines = String(repeating: "MIIEowabcdefgh\n", count: 12)
    let end = "short\n-----END " + "PRIVATE KEY-----\n"
    let begin = "-----BEGIN " + "PRIVATE KEY-----\n"
    let tail = lines + end
    let rest = Self.colours(Self.windowBytes - tail.utf8.count - 9) + "the last "
    let head = "the first " + Self.colours(Self.windowBytes - 10 - 100) + begin
    let text = kept(head + lines + end + Self.words(40_000) + begin + lines + tail + rest)
    #expect(text.hasPrefix("the first") && text.hasSuffix("the last "))
    #expect(!text.contains("MIIE") && !text.contains("short"), "\(text)")
  }

  @Test("A name of a field is looked at before it is cut")
  func names() throws {
    var redactor = SecretRedactor()
    let name = String(repeating: "n ", count: 92) + Self.key
    let value = BoundedText.kept(.object([name: "x"]), &redactor)
    #expect(redactor.counts == [.token: 1])
    #expect(!"\(value)".contains(Self.half))
  }

  @Test(
    "A long parameter keeps its beginning and its end, and tells how much is left out",
    arguments: [70_000, 100_000, 40_000])
  func parameters(byteCount: Int) throws {
    // One word; one text in words.
    for middle in [String(repeating: "ab12", count: byteCount / 4), Self.words(byteCount)] {
      let text = "begin" + middle + "end"
      let short = try kept(parameter: text)
      #expect(short.hasPrefix("begin") && short.hasSuffix("end"), "\(short)")
      #expect(short.contains("\n[… \(text.utf8.count - 1_000) bytes left out …]\n"), "\(short)")
      #expect(kept(text, bytesMax: 1_000) == short)
    }
  }

  @Test("Where there is room for less, what is left out is told once, and right")
  func budget() throws {
    var redactor = SecretRedactor()
    var fields: [String: JSONValue] = [:]
    for name in ["a", "b", "c", "d", "e"] {
      fields[name] = .string(name + String(repeating: "x", count: 99_998) + name)
    }
    let value = BoundedText.kept(.object(fields), &redactor)
    let last = try #require(value["d"]?.text)
    #expect(last.hasPrefix("dx") && last.hasSuffix("xd") && last.utf8.count < 1_000)
    let parts = last.split(separator: "\n")
    try #require(parts.count == 3)
    let omitted = 100_000 - parts[0].utf8.count - parts[2].utf8.count
    #expect(parts[1] == "[… \(omitted) bytes left out …]")
  }
}

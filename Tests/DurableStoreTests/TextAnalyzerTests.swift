import Testing

@testable import DurableStore

@Suite("Texts taken apart into words")
struct TextAnalyzerTests {
  private func terms(_ texts: String...) throws -> [[UInt64]] {
    try TextAnalyzer().terms(of: texts)
  }

  @Test("Words with one stem are one term, whatever their case and accents")
  func stems() throws {
    let found = try terms("running runs", "RUN", "café", "cafes", "runner")
    #expect(Set(found[0]).count == 1 && found[0][0] == found[1][0])
    #expect(found[2] == found[3])
    #expect(found[4] != found[1])
  }

  @Test("Stop words are left out, words that share a stem with one are not")
  func stopWords() throws {
    #expect(try terms("The who was of US, don't we?")[0].isEmpty)
    let found = try terms("used", "use", "useful", "doe", "his history")
    #expect(found.allSatisfy { !$0.isEmpty })
    #expect(found[0] == found[1])
    #expect(found[4].count == 1)
  }

  @Test("A term is the same in every process")
  func stable() throws {
    // FNV-1a of "zebra".
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in "zebra".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    #expect(try terms("zebras")[0] == [hash])
  }

  @Test(
    "Any text has terms or none",
    arguments: ["", " ", "\u{0}", "\u{FFFD}", "日本語", "🙂 🙂", String(repeating: "a", count: 100_000)])
  func anyText(text: String) throws {
    let found = try terms(text, "after")
    #expect(found.count == 2 && found[1].isEmpty)
  }
}

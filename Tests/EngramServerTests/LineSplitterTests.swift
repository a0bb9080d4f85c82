import Testing

@testable import EngramServer

@Suite("The line splitter")
struct LineSplitterTests {
  private func lines(of chunks: [String], bytesMax: Int = 10) -> [LineSplitter.Line] {
    var splitter = LineSplitter(bytesMax: bytesMax)
    var lines: [LineSplitter.Line] = []
    for chunk in chunks {
      Array(chunk.utf8).withUnsafeBytes { bytes in splitter.add(bytes) { lines.append($0) } }
    }
    splitter.finish { lines.append($0) }
    return lines
  }

  private func text(_ text: String) -> LineSplitter.Line { .text(Array(text.utf8)) }

  @Test("cuts at line feeds, wherever the chunks are cut")
  func cutsAtLineFeeds() {
    let whole = "{\"a\":1}\r\n\n  \n[2]\nlast"
    let wanted = [text("{\"a\":1}"), text("[2]"), text("last")]
    #expect(lines(of: [whole]) == wanted)
    #expect(lines(of: whole.map { String($0) }) == wanted)
  }

  @Test("passes over a line that is too long, and takes the one after it")
  func passesOverLongLines() {
    let long = String(repeating: "x", count: 11)
    #expect(lines(of: [long, "\nshort\n"]) == [.tooLong, text("short")])
    #expect(lines(of: [long + long, long, "\nshort"]) == [.tooLong, text("short")])
    #expect(lines(of: [long]) == [.tooLong])
    let fitting = String(repeating: "y", count: 10)
    #expect(lines(of: [fitting + "\r\n"]) == [text(fitting)])
  }
}

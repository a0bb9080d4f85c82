import Episodes
import Foundation
import TestSupport
import Testing

@testable import Hrana

@Suite("Messages read without a tree")
struct ReaderTests {
  /// Draws values, among them those that are hard to write.
  private struct Draw {
    var generator: SeededGenerator

    mutating func text() -> String {
      let pieces = [
        "", "a", "plain words", "\"", "\\", "\n", "\u{1}", "käse", "🧀", "/", "\u{7F}",
        String(repeating: "x", count: 40), "}", "]", ",",
      ]
      return (0..<generator.below(5)).map { _ in generator.pick(pieces) }.joined()
    }

    mutating func value() -> HranaValue {
      switch generator.below(6) {
      case 0: .null
      case 1: .integer(generator.pick([0, 1, -1, 42, .max, .min, 1 << 60]))
      case 2: .float(generator.pick([0, -0.5, 1e300, 3, -1.25]))
      case 3, 4: .text(text())
      default:
        .blob((0..<generator.below(40)).map { _ in UInt8(generator.below(256)) })
      }
    }

    mutating func values() -> [HranaValue] { (0..<generator.below(6)).map { _ in value() } }

    mutating func statement() -> HranaStatement {
      var statement = HranaStatement(text(), values(), wantsRows: generator.chance(0.5))
      if generator.chance(0.2) { statement.sql = .stored(generator.below(9)) }
      if generator.chance(0.2) {
        statement.namedArguments = [.init(name: text(), value: value())]
      }
      return statement
    }

    mutating func request() -> HranaPipelineRequest {
      let statements = (0..<generator.below(4)).map { _ in statement() }
      let requests: [HranaRequest] = [
        .batch(HranaBatch(transaction: statements, begin: "BEGIN")), .execute(statement()),
        .getAutocommit, .storeSQL(id: 1, sql: text()), .close,
      ]
      return HranaPipelineRequest(baton: generator.chance(0.5) ? text() : nil, requests)
    }

    mutating func result() -> HranaStatementResult {
      let width = 1 + generator.below(4)
      let columns = (0..<width).map { _ in
        HranaStatementResult.Column(name: text(), declaredType: generator.chance(0.5) ? "x" : nil)
      }
      let rows = (0..<generator.below(4)).map { _ in (0..<width).map { _ in value() } }
      return HranaStatementResult(
        columns: columns, rows: rows, affectedRowCount: generator.below(9),
        lastInsertRowID: generator.chance(0.5) ? 7 : nil)
    }

    mutating func answer() -> HranaPipelineResponse {
      let batch = HranaBatchResult(
        results: [result(), nil, nil], errors: [nil, HranaError("CODE", text()), nil])
      return HranaPipelineResponse(
        baton: nil, baseURL: generator.chance(0.5) ? text() : nil,
        results: [
          .ok(.batch(batch)), .ok(.execute(result())), .error(HranaError("X", text())),
          .ok(.getAutocommit(true)), .ok(.close),
        ])
    }
  }

  /// What both ways make of bytes; nil where they are refused.
  private static func bothWays<Message: HranaMessage & Equatable>(
    _ bytes: [UInt8], _ type: Message.Type
  ) -> (fast: Message?, general: Message?) {
    bytes.withUnsafeBytes { bytes in
      guard String(validating: bytes, as: UTF8.self) != nil else { return (nil, nil) }
      let json = try? JSONReader.value(of: bytes, depthMax: 128)
      return (Message.fast(bytes), json.flatMap { try? Message(json: $0) })
    }
  }

  @Test("What this program writes is read the fast way, as it was")
  func roundTrips() throws {
    var draw = Draw(generator: SeededGenerator(seed: 7))
    for _ in 0..<300 {
      let request = draw.request()
      #expect(Self.bothWays(Array(request.text.utf8), HranaPipelineRequest.self).fast == request)
      let answer = draw.answer()
      #expect(Self.bothWays(Array(answer.text.utf8), HranaPipelineResponse.self).fast == answer)
    }
  }

  @Test(
    "Whatever bytes are changed, the fast way takes nothing that the general way reads otherwise")
  func mutations() throws {
    var draw = Draw(generator: SeededGenerator(seed: 11))
    let pieces = ["\"", "\\", "{", "}", "[", "]", ",", ":", "null", "1", " ", "type", "\u{1}", "é"]
    func check<Message: HranaMessage & Equatable>(_ message: Message) {
      var bytes = Array(message.text.utf8)
      for _ in 0..<1 + draw.generator.below(3) {
        let place = draw.generator.below(bytes.count)
        switch draw.generator.below(3) {
        case 0: bytes.remove(at: place)
        case 1: bytes[place] = UInt8(draw.generator.below(256))
        default: bytes.insert(contentsOf: Array(draw.generator.pick(pieces).utf8), at: place)
        }
      }
      let (fast, general) = Self.bothWays(bytes, Message.self)
      if let fast {
        #expect(fast == general, "\(String(decoding: bytes, as: UTF8.self))")
      }
    }
    for _ in 0..<3000 {
      check(draw.request())
      check(draw.answer())
    }
  }

  @Test("A row's values are found where they are in its line")
  func rows() throws {
    var draw = Draw(generator: SeededGenerator(seed: 13))
    var row = HranaRow()
    for _ in 0..<500 {
      let values = draw.values()
      let line = Array(HranaCursorEntry.row(values).text.utf8)
      let (isRow, found) = line.withUnsafeBytes { line in
        let isRow = row.read(line)
        func text(_ bytes: some Sequence<UInt8>) -> String {
          String(decoding: Array(bytes), as: UTF8.self)
        }
        let found: [HranaValue] = row.contents.map { content in
          switch content {
          case .null: .null
          case .integer(let integer): .integer(integer)
          case .float(let number): .float(number)
          case .text(let range): .text(text(line[range]))
          case .textBeside(let range): .text(text(row.beside[range]))
          case .blob(let range): .blob(Array(row.beside[range]))
          }
        }
        return (isRow, found)
      }
      #expect(isRow && found == values)
    }
    for line in [#"{"type":"step_end"}"#, #"{"type":"row","row":[{"type":"blob","base64":"a"}]}"#] {
      #expect(!Array(line.utf8).withUnsafeBytes { row.read($0) })
    }
  }

  @Test("A row is read quickly only where its text is whole, and its escapes are of one character")
  func texts() throws {
    var row = HranaRow()
    func text(_ content: [UInt8]) -> [UInt8]? {
      let line =
        Array(#"{"type":"row","row":[{"type":"text","value":""#.utf8) + content
        + Array(#""}]}"#.utf8)
      guard line.withUnsafeBytes({ row.read($0) }) else { return nil }
      switch row.contents[0] {
      case .text(let range): return Array(line[range])
      case .textBeside(let range): return Array(row.beside[range])
      default: return nil
      }
    }
    func written(_ content: String) -> String? {
      text(Array(content.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(written(#"a\"b\\c\/\n\t\r\b\f\u00e9\u6f22"#) == "a\"b\\c/\n\t\r\u{8}\u{C}é漢")
    #expect(written("käse 🧀") == "käse 🧀")
    for wrong in [#"\ud83e\uddc0"#, #"\u12"#, #"\x"#, "a\u{1}", #"\"#] {
      #expect(written(wrong) == nil, "\(wrong)")
    }
    // Damaged anywhere in the line.
    for damaged in [[0xFF], [0x61, 0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80]] as [[UInt8]] {
      #expect(text(damaged) == nil, "\(damaged)")
      #expect(text(Array("long enough for a block of the reader".utf8) + damaged) == nil)
    }
  }

  @Test("Base64 is that of Foundation, and what is none is refused")
  func base64() {
    for count in 0..<70 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
      let padded = Data(bytes).base64EncodedString()
      let text = HranaValue.blob(bytes).text
      #expect(text == #"{"type":"blob","base64":""# + padded.filter { $0 != "=" } + "\"}")
      for spelling in [padded, padded.filter { $0 != "=" }] {
        var found: [UInt8] = [9]
        let isRight = Array(spelling.utf8).withUnsafeBytes { Base64.decode($0, into: &found) }
        #expect(isRight && found == [9] + bytes)
      }
    }
    for wrong in ["a", "ab\n=", "a===", "ä", "YQ=", "====", "ab-_"] {
      var found: [UInt8] = []
      #expect(!Array(wrong.utf8).withUnsafeBytes { Base64.decode($0, into: &found) }, "\(wrong)")
      #expect(found.isEmpty)
    }
  }
}

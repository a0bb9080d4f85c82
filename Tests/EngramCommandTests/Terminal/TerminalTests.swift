import Foundation
import Interchange
import Synchronization
import Testing

@testable import EngramCommand

@Suite("Output for people and programs")
struct TerminalTests {
  @Test("Numbers are grouped by thousands")
  func grouped() {
    for (number, text) in [
      (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"),
      (.min, "-9,223,372,036,854,775,808"),
    ] { #expect(Units.grouped(number) == text) }
  }

  @Test("Bytes have the unit that keeps them short")
  func bytes() {
    for (count, text) in [
      (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"),
      (1_048_575, "1.0 MiB"), (24_117_248, "23.0 MiB"), (-2048, "-2.0 KiB"), (.max, "8.0 EiB"),
    ] { #expect(Units.bytes(count) == text) }
  }

  @Test("Durations have the unit that keeps them short, also at the borders")
  func durations() {
    for (seconds, text) in [
      (0, "0 ns"), (812e-9, "812 ns"), (999.9e-9, "1.0 µs"), (3.44e-6, "3.4 µs"),
      (0.9999e-3, "1.0 ms"), (12e-3, "12.0 ms"), (0.9999, "1.00 s"), (1.5, "1.50 s"),
      (59.999, "1 min 00 s"), (125, "2 min 05 s"), (3599.7, "1 h 00 min"), (11_220, "3 h 07 min"),
      (-1.5, "-1.50 s"), (.infinity, "-"), (.nan, "-"),
    ] { #expect(Units.duration(seconds: seconds) == text) }
    #expect(Units.duration(.milliseconds(1500)) == "1.50 s")
  }

  @Test("Decimals are fixed and rounded")
  func fixed() {
    for (value, digits, text) in [
      (1.005, 1, "1.0"), (0.05, 1, "0.1"), (-0.04, 1, "0.0"), (-0.06, 1, "-0.1"),
      (12.3456, 3, "12.346"), (2.5, 0, "3"), (0.001, 2, "0.00"), (.nan, 1, "nan"),
      (-.infinity, 1, "-inf"), (1e20, 2, "1e+20"),
    ] { #expect(Units.fixed(value, digits: digits) == text) }
  }

  @Test("Control characters are shown and not obeyed")
  func printable() {
    #expect(TerminalText.printable("plain é 日本 😀") == "plain é 日本 😀")
    #expect(TerminalText.printable("a\u{1B}[31mb\n\r\t\u{9B}") == "a\\u{1b}[31mb\\n\\r\\t\\u{9b}")
    #expect(TerminalText.printable("\u{202E}abc\u{2066}") == "\\u{202e}abc\\u{2066}")
  }

  @Test("Tables are aligned by the columns that characters take")
  func table() {
    var table = TextTable(["name", "ms"], right: [1])
    table.append(["日本", "1.5"])
    table.append(["a\nb", "120"])
    table.append(["short"])
    #expect(
      table.description == """
        name    ms
        -----  ---
        日本   1.5
        a\\nb   120
        short
        """)
    #expect(TextTable(["only"]).description == "only\n----")
  }

  @Test("JSON has sorted keys, and numbers that JSON does not know are words")
  func json() throws {
    struct Value: Encodable {
      var b = [1, 2]
      var a = Double.nan
      var c = "x/y"
    }
    #expect(try JSONOutput.line(Value()) == #"{"a":"nan","b":[1,2],"c":"x/y"}"#)
    #expect(try JSONOutput.document(["b": 1, "a": 2]) == "{\n  \"a\" : 2,\n  \"b\" : 1\n}")
  }

  @Test("Errors end the command with the status of their kind")
  func statuses() {
    struct Other: Error {}
    let missing = FileError(.open, path: "x", code: ENOENT)
    for (error, status) in [
      (missing as any Error, ExitStatus.missingInput),
      (FileError(.create, path: "x", code: EACCES), .cannotCreate),
      (FileError(.write, path: "x", code: ENOSPC), .inputOutput),
      (VectorFileError(path: "x", cause: .file(missing)), .missingInput),
      (VectorFileError(path: "x", cause: .notFinite(row: 0, column: 0)), .badData),
      (EpisodeLineError(line: 1, problem: "", advice: ""), .badData),
      (GitHistoryError.notRepository(path: "x"), .missingInput),
      (GitHistoryError.gitUnavailable(missing), .unavailable),
      (DatasetError.badSetting(""), .usage), (DatasetError.file(missing), .missingInput),
      (Other(), .failure),
    ] { #expect(ExitStatus(error) == status) }
    #expect(ExitStatus.allCases.map(\.rawValue) == [0, 1, 64, 65, 66, 69, 73, 74])
  }
}

@Suite("Progress bars")
struct ProgressBarTests {
  /// What a bar wrote, and the clock it went by.
  private final class Screen: Sendable {
    private let state = Mutex((texts: [String](), now: Duration.zero))
    var texts: [String] { state.withLock { $0.texts } }
    var now: Duration { state.withLock { $0.now } }
    func write(_ text: String) { state.withLock { $0.texts.append(text) } }
    func wait(_ duration: Duration) { state.withLock { $0.now += duration } }
  }

  private func bar(_ screen: Screen, total: Int?) -> ProgressBar {
    ProgressBar(
      "import", total: total, unit: "lines", write: { screen.write($0) }, columns: { 81 },
      elapsed: { screen.now })
  }

  @Test("A line tells the share, the counts, the speed and the time left")
  func line() {
    #expect(
      ProgressBar.line(
        label: "import", done: 4_500, total: 10_000, unit: "lines", elapsed: .seconds(2),
        columns: 80)
        == "import  45% [============                ] 4,500/10,000 lines  2,250/s  ETA 0:03")
    #expect(
      ProgressBar.line(
        label: "import", done: 4_500, total: nil, unit: "lines", elapsed: .seconds(2), columns: 80)
        == "import  4,500 lines  2,250/s")
    #expect(
      ProgressBar.line(
        label: "import", done: 0, total: 10, unit: "lines", elapsed: .zero, columns: 30)
        == "import   0% [     ] 0/10 lines")
    #expect(
      ProgressBar.line(
        label: "import", done: 20, total: 10, unit: "lines", elapsed: .seconds(1), columns: 20)
        == "import 100%  20/10 …")
  }

  @Test("A line never is wider than the terminal")
  func width() {
    for columns in 0..<120 {
      for total in [nil, 0, 10, 1_000_000] as [Int?] {
        let line = ProgressBar.line(
          label: "日本語", done: 7, total: total, unit: "texts", elapsed: .seconds(3),
          columns: columns)
        #expect(TerminalText.columns(line) <= columns)
      }
    }
  }

  @Test("A bar is drawn ten times a second at most and goes away at the end")
  func rate() {
    let screen = Screen()
    let bar = bar(screen, total: 1_000)
    for _ in 0..<1_000 {
      screen.wait(.milliseconds(1))
      bar.advance()
    }
    // At 100 ms, 200 ms and so on to 1000 ms.
    #expect(screen.texts.count == 10)
    #expect(screen.texts.allSatisfy { $0.hasPrefix("\r") && $0.hasSuffix("\u{1B}[K") })
    #expect(screen.texts.last?.contains("1,000/1,000 lines") == true)
    bar.finish()
    bar.finish()
    #expect(screen.texts.count == 11)
    #expect(screen.texts.last == "\r\u{1B}[K")
    screen.wait(.seconds(1))
    bar.advance()
    #expect(screen.texts.count == 11)
  }

  @Test("Work shorter than a tenth of a second draws nothing")
  func short() {
    let screen = Screen()
    let bar = bar(screen, total: 2)
    screen.wait(.milliseconds(99))
    bar.update(to: 2)
    bar.finish()
    #expect(screen.texts.isEmpty)
  }

  @Test("Long lines are broken between words, and go on under what they say")
  func wrapping() {
    func wrapped(_ text: String) -> [Substring] {
      TerminalText.wrapped(text, columns: 20, indent: 6).split(
        separator: "\n", omittingEmptySubsequences: false)
    }
    #expect(wrapped("step  one two") == ["step  one two"])
    #expect(
      wrapped("step  one two three four five six")
        == ["step  one two three", "      four five six"])
    #expect(
      wrapped("  x   aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b")
        == ["  x", "      aaaaaaaaaaaaa…", "      b"])
    // Two columns each.
    #expect(wrapped("日本語日本 日本語日本 日本") == ["日本語日本", "      日本語日本", "      日本"])
    #expect(wrapped("") == [""])
  }
}

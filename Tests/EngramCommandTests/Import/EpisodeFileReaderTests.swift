import EngramCommand
import Episodes
import Foundation
import Interchange
import Testing

@Suite("Reading a file of episodes")
struct EpisodeFileReaderTests {
  private let folder: TemporaryFolder
  private static let start = Timestamp("2026-03-02T09:00:00Z")!
  init() throws { folder = try TemporaryFolder() }

  /// `line:description` for an episode, the message for a failure.
  private func read(_ bytes: [UInt8], lineBytesMax: Int? = nil) throws -> [String] {
    let path = try folder.write(bytes, to: "episodes.jsonl")
    var reader = try EpisodeFileReader(
      path: path, startTime: Self.start,
      lineBytesMax: lineBytesMax ?? EpisodeFileReader.defaultLineBytesMax)
    #expect(reader.byteCount == bytes.count)
    var found: [String] = []
    while let line = try reader.next() {
      switch line {
      case .episode(let number, let episode): found.append("\(number):\(episode.taskDescription)")
      case .record(let line, _): found.append("record in line \(line)")
      case .failure(let error): found.append(error.description)
      }
    }
    #expect(reader.bytesRead == bytes.count)
    return found
  }

  private func line(_ text: String) -> String { "{\"taskDescription\":\"\(text)\"}" }

  @Test("Line ends of both kinds, blank lines, a byte order mark and a last line without end")
  func lineEnds() throws {
    let text = "\u{FEFF}\(line("a"))\r\n\n  \t\r\n\(line("b"))\n\(line("c"))"
    #expect(try read(Array(text.utf8)) == ["1:a", "4:b", "5:c"])
    #expect(try read([]).isEmpty)
    #expect(try read(Array("\n\r\n".utf8)).isEmpty)
  }

  @Test("A bad line is reported by number and the next ones are read")
  func badLines() throws {
    var bytes = Array((line("a") + "\n{\"taskDescription\":\"").utf8)
    bytes += [0xC3, 0x28]
    bytes += Array(("\"}\nnot json\n" + line("d")).utf8)
    let found = try read(bytes)
    #expect(found.count == 4)
    #expect(found[1] == "line 2: is not valid UTF-8; expected one JSON object in UTF-8")
    #expect(found[2] == "line 3: column 1: a value is expected; a line is one JSON object")
    #expect(found[3] == "4:d")
  }

  @Test("A file in UTF-16 is named as such")
  func utf16() throws {
    var bytes: [UInt8] = [0xFF, 0xFE]
    for unit in "{}".utf16 { bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    #expect(try read(bytes).first?.hasPrefix("line 1: is UTF-16; expected") == true)
  }

  @Test("Lines longer than the reader's buffer are read; longer than the cap are passed over")
  func longLines() throws {
    // The limit of a description is 10,000 characters; a parameter can be longer.
    let long = String(repeating: "x", count: 700_000)
    let text =
      line("a") + "\n"
      + "{\"taskDescription\":\"big\",\"steps\":[{\"parameters\":{\"p\":\"\(long)\"}}]}\n"
      + line("c") + "\n"
    #expect(try read(Array(text.utf8)) == ["1:a", "2:big", "3:c"])
    let capped = try read(Array(text.utf8), lineBytesMax: 600_000)
    #expect(capped.count == 3)
    #expect(capped[0] == "1:a")
    #expect(capped[1].hasPrefix("line 2: is longer than 600000 bytes; expected"))
    #expect(capped[2] == "3:c")
    // A cap smaller than one read of the file.
    #expect(
      try read(Array(text.utf8), lineBytesMax: 100).map { $0.prefix(6) } == [
        "1:a", "line 2", "3:c",
      ])
    // The line that is too long is the last and has no end.
    let last = try read(Array((line("a") + "\n" + long).utf8), lineBytesMax: 300_000)
    #expect(last.count == 2)
    #expect(last[1].hasPrefix("line 2: is longer"))
  }

  @Test("Lines that end anywhere in a read of the file are whole")
  func boundaries() throws {
    // Lengths that put line ends at every offset around the size of one read.
    var text = ""
    var expected: [String] = []
    var index = 0
    while text.utf8.count < 600_000 {
      let body = String(repeating: "y", count: index % 331)
      text += line("\(index)\(body)") + "\n"
      expected.append("\(index + 1):\(index)\(body)")
      index += 1
    }
    #expect(try read(Array(text.utf8)) == expected)
  }

  @Test("A pipe is read like a file")
  func pipe() throws {
    let path = folder.path("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    let text = line("a") + "\n" + line("b")
    let writer = Thread {
      try? Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }
    writer.start()
    var reader = try EpisodeFileReader(path: path, startTime: Self.start)
    #expect(reader.byteCount == nil)
    var count = 0
    while let line = try reader.next() {
      if case .episode = line { count += 1 }
    }
    #expect(count == 2)
  }

  @Test("A file that is not there and a folder are errors of the system")
  func missing() throws {
    let error = #expect(throws: FileError.self) {
      _ = try EpisodeFileReader(path: folder.path("none"), startTime: Self.start)
    }
    #expect(error?.isMissing == true)
    #expect(error?.description.hasSuffix("No such file or directory") == true)
    let directory = #expect(throws: FileError.self) {
      _ = try EpisodeFileReader(path: folder.path(""), startTime: Self.start)
    }
    #expect(directory?.description.hasSuffix("Is a directory") == true)
  }
}

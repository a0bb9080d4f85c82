import Episodes
import Foundation
import Transcripts

/// A transcript among the fixtures.
struct Fixture {
  let name: String
  let bytes: [UInt8]

  static let all = [
    "claude-code.jsonl", "claude-code-agent.jsonl", "codex.jsonl", "codex-old.jsonl",
    "messages.jsonl", "conversations.jsonl",
  ]

  init(_ name: String) throws {
    self.name = name
    let url = Bundle.module.resourceURL!.appendingPathComponent("Fixtures/\(name)")
    bytes = Array(try Data(contentsOf: url))
  }

  /// The lines without their ends, and where each begins.
  var lines: [(offset: Int, bytes: [UInt8])] { Self.lines(of: bytes) }

  static func lines(of bytes: [UInt8]) -> [(offset: Int, bytes: [UInt8])] {
    var lines: [(Int, [UInt8])] = []
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == 0x0A {
      lines.append((start, Array(bytes[start..<index])))
      start = index + 1
    }
    if start < bytes.count { lines.append((start, Array(bytes[start...]))) }
    return lines
  }

  var format: TranscriptFormat? {
    for line in lines {
      if let value = try? JSONReader.value(of: String(decoding: line.bytes, as: UTF8.self)),
        let format = TranscriptFormat(of: value)
      {
        return format
      }
    }
    return nil
  }

  /// All the episodes of the transcript.
  func episodes() throws -> [Episode] {
    var parser = TranscriptParser.ofTests(format!)
    return parser.read(lines).episodes
  }
}

extension TranscriptParser {
  static func ofTests(
    _ format: TranscriptFormat, from place: Place = Place(),
    redactor: SecretRedactor = SecretRedactor()
  ) -> TranscriptParser {
    TranscriptParser(
      format: format, from: place, fallbackID: "session",
      fallbackTime: Timestamp("2026-01-01T00:00:00Z")!, redactor: redactor)
  }

  /// Reads lines to their end; the place is that before the last request.
  mutating func read(
    _ lines: [(offset: Int, bytes: [UInt8])]
  ) -> (episodes: [Episode], place: Place, failures: Int) {
    var episodes: [Episode] = []
    var failures = 0
    for line in lines {
      do {
        try line.bytes.withUnsafeBytes {
          episodes += try add($0, at: line.offset, end: line.offset + line.bytes.count + 1)
        }
      } catch {
        failures += 1
      }
    }
    let place = place
    return (episodes + end(), place, failures)
  }

  /// Reads lines of JSON that are written as texts.
  static func episodes(
    _ format: TranscriptFormat, _ lines: [String], redactor: SecretRedactor = SecretRedactor()
  ) -> [Episode] {
    var parser = ofTests(format, redactor: redactor)
    return parser.read(Fixture.lines(of: Array(lines.joined(separator: "\n").utf8))).episodes
  }
}

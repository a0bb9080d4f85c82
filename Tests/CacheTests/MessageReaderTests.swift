import Episodes
import Foundation
import Testing

@testable import Cache

@Suite("Reading messages")
struct MessageReaderTests {
  /// What the generated messages make of the bytes.
  private func generated(_ message: [UInt8]) throws -> Episode {
    let message: WireEpisode = try message.withUnsafeBytes { try RecordFormat.decode($0) }
    return try message.episode()
  }

  @Test("The reader and the generated messages read the same episode from the same bytes")
  func agreement() throws {
    let seed: UInt64 = .random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = RandomRecords(seed: seed)
    for number in 0..<300 {
      let episode = try random.episode(id: "e\(number)")
      let message = try RecordFormat.message(of: episode)
      let read = try message.withUnsafeBytes { try RecordFormat.episode($0) }
      #expect(read == episode)
      #expect(try generated(message) == read)
    }
  }

  @Test("Fields of a later version are passed over, whatever their type")
  func unknownFields() throws {
    let episode = Episode(
      id: "e", taskDescription: "t", startTime: Timestamp(nanosecondsSince1970: 7))
    let unknown: [UInt8] =
      [0xA0, 0x06, 0x96, 0x01]  // field 100: a varint
      + [0xA1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8]  // eight bytes
      + [0xA2, 0x06, 2, 9, 9]  // a text
      + [0xA5, 0x06, 1, 2, 3, 4]  // four bytes
    let message = try unknown + RecordFormat.message(of: episode) + unknown
    #expect(try message.withUnsafeBytes { try RecordFormat.episode($0) } == episode)
    #expect(try generated(message) == episode)
  }

  @Test(
    "A message cut short anywhere, or with a length beyond its end, is an error or another episode")
  func shortMessages() throws {
    var random = RandomRecords(seed: 5)
    let episode = try random.episode(id: "e")
    let message = try RecordFormat.message(of: episode)
    for count in 0..<message.count {
      let read = message.prefix(count).withUnsafeBytes { try? RecordFormat.episode($0) }
      #expect(read != episode)
    }
    for broken: [UInt8] in [
      [0x0A, 5, 1], [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
      [0x80], [0x00, 1], [0x0B], [0x41, 1],
    ] {
      #expect(throws: WireError.self) {
        try broken.withUnsafeBytes { try RecordFormat.episode($0) }
      }
    }
  }
}

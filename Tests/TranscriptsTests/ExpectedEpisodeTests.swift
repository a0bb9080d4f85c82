import Episodes
import Foundation
import Testing
import Transcripts

@Suite("Episodes of transcripts")
struct ExpectedEpisodeTests {
  @Test("Each fixture gives the episodes that were frozen", arguments: Fixture.all)
  func frozen(name: String) throws {
    let episodes = try Fixture(name).episodes()
    let expected = try Fixture(name + ".expected")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let found = try episodes.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
    let frozen = expected.lines.map { String(decoding: $0.bytes, as: UTF8.self) }
    #expect(found == frozen)
  }

  @Test("Episodes of fixtures keep every rule of a stored one", arguments: Fixture.all)
  func valid(name: String) throws {
    let episodes = try Fixture(name).episodes()
    #expect(!episodes.isEmpty)
    for episode in episodes { try episode.validate() }
    #expect(Set(episodes.map(\.id)).count == episodes.count)
    #expect(episodes.map(\.startTime) == episodes.map(\.startTime).sorted())
  }

  @Test("The format is told by the content")
  func formats() throws {
    let formats = try Fixture.all.map { try Fixture($0).format }
    #expect(formats == [.claudeCode, .claudeCode, .codex, .codex, .openAI, .openAI])
    for other in [#"{"a": 1}"#, "[]", "7", #"{"type": "user"}"#, #"{"messages": []}"#, "[[1]]"] {
      #expect(TranscriptFormat(of: try JSONReader.value(of: other)) == nil, "\(other)")
    }
  }

  @Test(
    "Reading on from the place of any part gives what reading all at once gives",
    arguments: Fixture.all)
  func resumed(name: String) throws {
    let fixture = try Fixture(name)
    let whole = try fixture.episodes()
    let lines = fixture.lines
    for count in 0...lines.count {
      var first = TranscriptParser.ofTests(fixture.format!)
      let (before, place, _) = first.read(Array(lines.prefix(count)))
      var second = TranscriptParser.ofTests(fixture.format!, from: place)
      let (after, _, _) = second.read(lines.filter { $0.offset >= place.offset })
      // What is told later stands for what was told before under the same id.
      var merged: [String: Episode] = [:]
      var order: [String] = []
      for episode in before + after {
        if merged.updateValue(episode, forKey: episode.id) == nil { order.append(episode.id) }
      }
      #expect(order.compactMap { merged[$0] } == whole, "after \(count) lines")
    }
  }
}

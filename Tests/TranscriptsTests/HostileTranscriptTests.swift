import Episodes
import Testing
import Transcripts

@Suite("Transcripts that nobody should have written")
struct HostileTranscriptTests {
  @Test("A line that is no JSON throws, and those around it are read")
  func malformed() throws {
    let good = #"{"role": "user", "content": "fix it"}"#
    let answer = #"{"role": "assistant", "content": "done"}"#
    let deep = String(repeating: "[", count: 100_000)
    let bad: [[UInt8]] = [
      [0xFF, 0xFE, 0x7B], [0], Array("{\"role\": ".utf8), Array(deep.utf8), Array("{}}".utf8),
      [0x7B, 0x22, 0xC3, 0x22],
    ]
    for bytes in bad {
      var parser = TranscriptParser.ofTests(.openAI)
      let lines = [Array(good.utf8), bytes, Array(answer.utf8)].map { (offset: 0, bytes: $0) }
      let (episodes, _, failures) = parser.read(lines)
      #expect(failures == 1)
      #expect(episodes.first?.outcome?.kind == .success)
    }
  }

  @Test("Halves of surrogate pairs, which programs write where they cut a text, become U+FFFD")
  func surrogates() throws {
    let episodes = TranscriptParser.episodes(
      .openAI,
      [
        #"{"role": "user", "content": "fix \ud83d and \udc00, not \ud83d\ude00 or \\ud83d"}"#,
        #"{"role": "assistant", "content": "done"}"#,
      ])
    #expect(
      episodes.first?.taskDescription
        == #"fix \u{FFFD} and \u{FFFD}, not 😀 or \ud83d"#
        .replacing(#"\u{FFFD}"#, with: "\u{FFFD}"))
  }

  @Test("NUL and control characters do not reach an episode")
  func controls() throws {
    let episodes = TranscriptParser.episodes(
      .openAI,
      [
        #"{"role": "user", "content": "fix\u0000 \u001b[31mit\n\tnow"}"#,
        #"{"role": "assistant", "content": "do\u0007ne"}"#,
      ])
    #expect(episodes.first?.taskDescription == "fix it\n\tnow")
    #expect(episodes.first?.outcome?.summary == "done")
  }

  @Test("Texts, parameters and steps beyond all measure are cut, and the episode is sound")
  func huge() throws {
    let long = String(repeating: "wörd ", count: 1_000_000)
    var lines = [#"{"role": "user", "content": "fix \#(long)"}"#]
    for index in 0..<1_100 {
      let text = index == 5 ? long : "small"
      lines.append(
        #"{"role": "assistant", "tool_calls": [{"id": "c\#(index)", "function": {"name": "run", "arguments": "{\"text\": \"\#(text)\", \"list\": [1,2,3]}"}}]}"#
      )
      lines.append(#"{"role": "tool", "tool_call_id": "c\#(index)", "content": "\#(text)"}"#)
    }
    lines.append(#"{"role": "assistant", "content": "\#(long)"}"#)
    let episode = try #require(TranscriptParser.episodes(.openAI, lines).first)
    try episode.validate()
    #expect(episode.steps.count == EpisodeLimits.stepsMax)
    #expect(episode.metadata["transcript.omittedSteps"] == "100")
    #expect(episode.textByteCount < 200_000)
    #expect(episode.steps[5].result != nil)
  }

  @Test(
    "Damaged fixtures never trap, and what comes of them keeps every rule", arguments: Fixture.all)
  func damaged(name: String) throws {
    let fixture = try Fixture(name)
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for round in 0..<300 {
      var bytes = fixture.bytes
      for _ in 0...random(20) {
        let place = random(bytes.count)
        switch random(4) {
        case 0: bytes[place] = UInt8(random(256))
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(Array("{}[]\",:0\\\n".utf8)[random(10)], at: place)
        default: bytes.removeSubrange(place..<min(bytes.count, place + random(200)))
        }
        if bytes.isEmpty { bytes = [0] }
      }
      for format in TranscriptFormat.allCases {
        var parser = TranscriptParser.ofTests(format)
        let (episodes, place, _) = parser.read(Fixture.lines(of: bytes))
        #expect(place.offset >= 0 && place.offset <= bytes.count + 1, "round \(round)")
        for episode in episodes {
          #expect(throws: Never.self, "round \(round)") { try episode.validate() }
        }
      }
    }
  }

  @Test("Calls without results, results without calls and repeated ids are taken as they come")
  func disordered() throws {
    let episodes = TranscriptParser.episodes(
      .openAI,
      [
        #"{"role": "tool", "tool_call_id": "x", "content": "before anything"}"#,
        #"{"role": "user", "content": "fix it"}"#,
        #"{"role": "tool", "tool_call_id": "x", "content": "no call"}"#,
        #"{"role": "assistant", "tool_calls": [{"id": "a", "function": {"name": "one", "arguments": "not json"}}, {"id": "a", "function": {"name": "two"}}, {"function": {}}, 7]}"#,
        #"{"role": "tool", "tool_call_id": "a", "content": "of the second"}"#,
        #"{"role": "assistant", "content": "done"}"#,
      ])
    let episode = try #require(episodes.first)
    #expect(episodes.count == 1)
    #expect(episode.steps.map(\.tool) == ["one", "two", "tool"])
    #expect(episode.steps.map { $0.result != nil } == [false, true, false])
    #expect(episode.steps[0].parameters == ["arguments": "not json"])
  }
}

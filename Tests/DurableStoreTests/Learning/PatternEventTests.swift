import Episodes
import Testing

@testable import DurableStore

@Suite("What became of a pattern")
struct PatternEventTests {
  private static func episode(_ id: String, at second: Double, _ effect: AppliedPattern.Effect?)
    -> NewEpisode
  {
    var episode = Samples.episode(id)
    episode.startTime = Timestamp(secondsSince1970: second)
    episode.appliedPatterns = [AppliedPattern(patternID: "p", effect: effect)]
    return NewEpisode(episode)
  }

  @Test(
    "An episode whose uses are damaged keeps no other from being told",
    arguments: [
      "[", "x", #"["x"]"#, #"{"a":"b"}"#, #"[7,null,["p"],{"patternID":7}]"#, #""p""#, "null",
      #"[{"patternID":"p","effect":7}]"#, #"[{"patternID":"p","effect":"cured"}]"#,
      #"[{"patternID":"p","effect":{}}]"#,
    ])
  func damaged(text: String) async throws {
    try await withStore { store, _ in
      try await store.insert([
        Self.episode("a", at: 1, .helped), Self.episode("damaged", at: 2, .helped),
        Self.episode("b", at: 3, nil),
      ])
      _ = try await store.write(
        "UPDATE episodes SET applied_patterns = ?1 WHERE id = 'damaged'", [.text(text)])
      let events = try await store.events(of: Samples.pattern("p"), limit: 9)
      #expect(events.map(\.episodeID) == ["b", "a"])
      #expect(events.map(\.effect) == [nil, .helped])
    }
  }

  @Test("Of many the latest are told, also where damaged ones lie between")
  func latest() async throws {
    try await withStore { store, _ in
      try await store.insert((1...6).map { Self.episode("e\($0)", at: Double($0), .helped) })
      _ = try await store.write(
        #"UPDATE episodes SET applied_patterns = '[{"patternID":"p","effect":"cured"}]' WHERE id = 'e6'"#
      )
      let events = try await store.events(of: Samples.pattern("p"), limit: 2)
      #expect(events.map(\.episodeID) == ["e5", "e4"])
      #expect(try await store.events(of: Samples.pattern("p"), limit: 0).isEmpty)
    }
  }
}

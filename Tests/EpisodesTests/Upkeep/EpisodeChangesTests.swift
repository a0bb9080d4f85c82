import Episodes
import Testing

@Suite("Changes and limits")
struct EpisodeChangesTests {
  @Test("Only what is given is changed")
  func apply() {
    var episode = Episode(
      id: "e", agentID: "ann", sessionID: "s", taskDescription: "old",
      startTime: Timestamp(nanosecondsSince1970: 0), metadata: ["a": "1", "b": "2"])
    let before = episode
    EpisodeChanges().apply(to: &episode)
    #expect(episode == before && EpisodeChanges().isEmpty)
    EpisodeChanges(
      taskDescription: "new", metadata: ["b": "3", "c": "4"], removedMetadata: ["a", "c"],
      agentID: .set("ben"), sessionID: .clear
    ).apply(to: &episode)
    #expect(episode.taskDescription == "new" && episode.agentID == "ben")
    #expect(episode.sessionID == nil && episode.metadata == ["b": "3", "c": "4"])
  }

  @Test("Limits are read back from their text, and other texts are none")
  func limits() {
    for limits in [
      CapacityLimits(), CapacityLimits(episodesMax: 5, policy: .relevance),
      CapacityLimits(episodesMax: 1, namespaceEpisodesMax: 2),
    ] {
      #expect(CapacityLimits(limits.text) == limits)
    }
    for text in ["", "1 2", "1 2 oldest", "-1 0 relevance", "x 0 relevance"] {
      #expect(CapacityLimits(text) == nil, "\(text)")
    }
    #expect(CapacityLimits.target(of: 50) == 50)
    #expect(CapacityLimits.target(of: 1000) == 990)
    #expect(CapacityLimits.target(of: 1_000_000) == 999_000)
  }

  @Test("Relevance is 0.7 of the reward, at most 1, and 0.3 of what a day has left of it")
  func relevance() {
    #expect(abs(EvictionPolicy.relevance(reward: 0.5, hours: 24) - 0.460363832) < 1e-9)
    #expect(EvictionPolicy.relevance(reward: nil, hours: 0) == 0.3)
    #expect(EvictionPolicy.relevance(reward: 2, hours: -5) == 1)
  }

  @Test("An episode is current at a time if it was replaced later")
  func current() {
    func time(_ second: Int64) -> Timestamp {
      Timestamp(nanosecondsSince1970: second * 1_000_000_000)
    }
    var episode = Episode(id: "e", taskDescription: "t", startTime: time(1))
    #expect(EpisodeFilter(isFinished: false, isCurrent: true).matches(episode))
    episode.supersededBy = "f"
    episode.validUntil = time(10)
    episode.endTime = time(2)
    #expect(!EpisodeFilter(isCurrent: true).matches(episode))
    #expect(EpisodeFilter(asOf: time(9), isFinished: true, isCurrent: true).matches(episode))
    #expect(!EpisodeFilter(asOf: time(10), isCurrent: true).matches(episode))
    #expect(!EpisodeFilter(isFinished: false).matches(episode))
    episode.validUntil = nil
    #expect(!EpisodeFilter(asOf: time(9), isCurrent: true).matches(episode))
  }
}

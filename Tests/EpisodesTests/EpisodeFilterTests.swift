import Episodes
import Testing

import struct Episodes.Tag

@Suite("Filters on episodes")
struct EpisodeFilterTests {
  private let episode = EpisodeSamples.full

  private func tags(_ names: String...) -> [Tag] { names.map(EpisodeSamples.tag) }

  @Test("A filter without conditions is empty and matches everything")
  func empty() {
    #expect(EpisodeFilter().isEmpty)
    #expect(EpisodeFilter().matches(episode))
    #expect(!EpisodeFilter(namespace: "team").isEmpty)
  }

  @Test("Each condition matches its value and refuses others")
  func conditions() {
    for (matching, other) in [
      (EpisodeFilter(namespace: "team"), EpisodeFilter(namespace: "default")),
      (EpisodeFilter(agentID: "builder-2"), EpisodeFilter(agentID: "builder")),
      (EpisodeFilter(sessionID: "s-1"), EpisodeFilter(sessionID: "s-2")),
      (EpisodeFilter(domain: "web-api"), EpisodeFilter(domain: "web")),
      (EpisodeFilter(taskType: .debugging), EpisodeFilter(taskType: .other)),
      (EpisodeFilter(outcome: .partialSuccess), EpisodeFilter(outcome: .success)),
    ] {
      #expect(matching.matches(episode))
      #expect(!other.matches(episode))
    }
  }

  @Test("An unfinished episode without agent meets no condition on them")
  func absent() {
    let bare = Episode(id: "e", taskDescription: "x", startTime: EpisodeSamples.start)
    #expect(!EpisodeFilter(agentID: "builder-2").matches(bare))
    #expect(!EpisodeFilter(sessionID: "s-1").matches(bare))
    #expect(!EpisodeFilter(outcome: .failure).matches(bare))
    #expect(!EpisodeFilter(tagsAny: tags("auth")).matches(bare))
    #expect(EpisodeFilter(namespace: "default", domain: "general").matches(bare))
  }

  @Test("Tags are looked for among the episode's own and its context's")
  func tagConditions() {
    // The episode has jwt, its context auth.
    #expect(EpisodeFilter(tagsAny: tags("jwt")).matches(episode))
    #expect(EpisodeFilter(tagsAny: tags("nope", "auth")).matches(episode))
    #expect(!EpisodeFilter(tagsAny: tags("nope", "none")).matches(episode))
    #expect(EpisodeFilter(tagsAll: tags("jwt", "auth")).matches(episode))
    #expect(!EpisodeFilter(tagsAll: tags("jwt", "nope")).matches(episode))
    #expect(EpisodeFilter(tagsAny: tags("nope", "jwt"), tagsAll: tags("auth")).matches(episode))
    #expect(!EpisodeFilter(tagsAny: tags("nope"), tagsAll: tags("auth")).matches(episode))
  }

  @Test("The time range holds its start and not its end")
  func range() {
    let start = episode.startTime
    let later = Timestamp(nanosecondsSince1970: start.nanosecondsSince1970 + 1)
    #expect(EpisodeFilter(since: start).matches(episode))
    #expect(!EpisodeFilter(since: later).matches(episode))
    #expect(EpisodeFilter(until: later).matches(episode))
    #expect(!EpisodeFilter(until: start).matches(episode))
    #expect(EpisodeFilter(since: start, until: later).matches(episode))
    #expect(throws: Never.self) { try EpisodeFilter(since: start, until: start).validate() }
    let error = #expect(throws: ValidationError.self) {
      try EpisodeFilter(since: later, until: start).validate()
    }
    #expect(error?.field == "since")
  }

  @Test("All conditions together must hold")
  func together() {
    var filter = EpisodeFilter(
      namespace: "team", agentID: "builder-2", sessionID: "s-1", domain: "web-api",
      taskType: .debugging, tagsAny: tags("jwt"), tagsAll: tags("auth"),
      outcome: .partialSuccess, since: episode.startTime)
    #expect(filter.matches(episode))
    filter.sessionID = "s-2"
    #expect(!filter.matches(episode))
  }
}

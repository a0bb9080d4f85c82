import Episodes
import Testing

@testable import DurableStore

@Suite("What episodes are shown by")
struct EpisodeLabelTests {
  @Test("Labels come in the order that was asked for, cut, and without what is not stored")
  func labels() async throws {
    try await withStore { store, _ in
      var done = Samples.episode("done", text: "ä👍🏽 and more")
      done.context.domain = "web"
      done.outcome = .failure(reason: "no", details: nil)
      try await store.insert([NewEpisode(done), NewEpisode(Samples.episode("open"))])
      let found = try await store.labels(ofEpisodes: ["open", "none", "done"], titleLength: 5)
      #expect(
        found == [
          EpisodeLabel(id: "open", domain: "general", title: "fix t", outcome: nil),
          EpisodeLabel(id: "done", domain: "web", title: "ä👍🏽 a", outcome: .failure),
        ])
      #expect(try await store.labels(ofEpisodes: [], titleLength: 5).isEmpty)
    }
  }
}

import Episodes
import Foundation
import Testing

@testable import Engram

@Suite("Weak hits")
struct WeakHitTests {
  private let texts = [
    ("login", "fix the flaky login test"), ("refund", "refund the customer twice"),
    ("deploy", "deploy the shop again"),
  ]

  private func filled(_ memory: Memory) async throws {
    _ = try await memory.importEpisodes(
      texts.map { id, text in
        Episode(
          id: id, taskDescription: text, startTime: Timestamp(secondsSince1970: 1_700_000_000))
      })
  }

  @Test("are those that neither meaning nor words speak for; none is left out")
  func weak() async throws {
    let home = TemporaryHome()
    var configuration = home.configuration()
    // The embedder of tests finds some likeness in any two texts.
    configuration.weakSimilarity = 0.6
    try await Memory.using(configuration) { memory in
      try await filled(memory)
      let near = try await memory.search(SearchRequest("fix the flaky login test"))
      #expect(near.hits.count == 3 && near.hits.first?.isWeak == false && !near.isWeak)
      #expect(near.hits.contains { $0.isWeak })
      for mode in [RetrievalMode.hybrid, .vector] {
        let far = try await memory.search(SearchRequest("zeppelin bakery", mode: mode))
        #expect(far.hits.count == 3 && far.isWeak, "\(mode): \(far.hits.map(\.similarity))")
      }
      let words = try await memory.search(SearchRequest("customer", mode: .text))
      #expect(words.hits.count == 1 && !words.isWeak, "no meanings were compared")
      let encoded = try JSONEncoder().encode(near)
      let object = try JSONSerialization.jsonObject(with: encoded) as? [String: Any]
      #expect(object?["isWeak"] as? Bool == false)
      #expect(((object?["hits"] as? [[String: Any]])?.first)?["isWeak"] as? Bool == false)
    }
  }

  @Test("A question's own rare word speaks for a hit, however unlike the rest is")
  func words() async throws {
    let home = TemporaryHome()
    var configuration = home.configuration()
    // As if hardly a meaning were like another.
    configuration.weakSimilarity = 0.75
    try await Memory.using(configuration) { memory in
      try await filled(memory)
      let hits = try await memory.search(SearchRequest("refund customer")).hits
      #expect(hits.first?.episode.id == "refund" && hits.first?.isWeak == false)
      let vector = try await memory.search(SearchRequest("refund customer", mode: .vector)).hits
      #expect(vector.filter { !$0.isWeak }.isEmpty)
    }
    configuration.weakSimilarity = 2
    let error = await #expect(throws: EngramError.self) {
      try await Memory.open(configuration)
    }
    #expect(error?.message.contains("weakSimilarity") == true)
  }

  @Test("A search that is not noted keeps nothing from being evicted")
  func notNoted() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      try await filled(memory)
      try await memory.setCapacity(CapacityLimits(episodesMax: 2))
      var request = SearchRequest("refund", limit: 1)
      request.isNoted = false
      #expect(try await memory.search(request).hits.first?.episode.id == "refund")
      #expect(try await memory.episodeCount(amongIDs: ["login", "none", "refund"]) == 2)
      await memory.flushAccesses()
      let first = try await memory.enforceCapacity(isDryRun: true).ids
      #expect(
        try await memory.evictions(under: CapacityLimits(episodesMax: 1)).evicted == 2)
      request.isNoted = true
      _ = try await memory.search(
        SearchRequest(texts.first { [$0.0] == first }?.1 ?? "", limit: 1))
      await memory.flushAccesses()
      #expect(try await memory.enforceCapacity(isDryRun: true).ids != first)
    }
  }

  @Test("A started episode has a place and a time for which it holds")
  func validity() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let from = try #require(Timestamp("2026-01-01"))
      let until = try #require(Timestamp("2027-01-01"))
      let started = try await memory.startEpisode(
        NewTask("move", validFrom: from, validUntil: until))
      let stored = try await memory.episode(id: started.id)
      #expect(stored?.validFrom == from && stored?.validUntil == until)
      let point = try await memory.checkpoint(started.id, label: "half")
      #expect(try await memory.checkpoint(id: point.id) == point)
      #expect(try await memory.checkpoint(id: "none") == nil)
      #expect(try await memory.relationship(id: "none") == nil)
    }
  }
}

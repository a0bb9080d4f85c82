import DurableStore
import Engram
import Episodes
import Foundation
import Sync
import Testing

@Suite("Forgetting what was learned from")
struct UnlearningTests {
  private static let condition =
    "check whether the staging cluster answers before the nightly job of the payments team"

  /// A decision and what was done on it, in words that may differ a little.
  private func decision(
    _ id: String, _ condition: String = condition, fails: Bool = false,
    namespace: String = "default"
  ) -> Episode {
    var episode = LearningEpisodes.episode(id, namespace: namespace, tools: ["curl", "restart"])
    episode.steps[0].action = condition
    if fails { episode.steps[1].result = .error(message: "refused") }
    return episode
  }

  @Test("What is forgotten leaves its words in no pattern, heuristic, recommendation, nor the file")
  func words() async throws {
    try await TemporaryHome.withMemory { memory, home in
      let other = try await home.open()
      var secret = decision("secret", Self.condition + " zanzibarquokka")
      secret.taskDescription = "wobblegong deployment"
      _ = try await memory.importEpisodes([secret, decision("b"), decision("c")])
      try await memory.learnPending()
      let before = try #require(try await memory.heuristics().first)
      #expect(before.condition.contains("zanzibarquokka"))
      #expect(before.evidence == ["secret", "b", "c"])
      let asked = try await memory.recommend(PatternRequest("wobblegong deployment"))
      let kept = try await memory.recommend(PatternRequest("another task"))
      #expect(!asked.patterns.isEmpty)
      _ = try await other.searchPatterns(PatternRequest("staging cluster"))

      #expect(try await memory.forget(ids: ["secret"]).isErased)
      for memory in [memory, other] {
        let heuristic = try #require(try await memory.heuristics().first)
        #expect(heuristic.id == before.id && heuristic.condition == Self.condition)
        #expect(heuristic.evidence == ["b", "c"])
        let pattern = try #require(try await memory.pattern(id: before.id))
        #expect(pattern.occurrenceCount == 2 && pattern.evidence == ["b", "c"])
        #expect(
          try await memory.searchPatterns(
            PatternRequest("staging cluster", kind: .decisionPoint)
          ).map(\.pattern) == [pattern])
        #expect(try await memory.recommendation(id: asked.id) == nil)
        #expect(try await memory.recommendation(id: kept.id) != nil)
        try await memory.sync()
        #expect(try await memory.validateCache().problems == [])
      }
      for name in ["engram.db", "engram.db-wal"] {
        let data = FileManager.default.contents(atPath: home.file(name)) ?? Data()
        for word in ["zibarquokka", "blegong"] {
          #expect(data.range(of: Data(word.utf8)) == nil, "\(word) in \(name)")
        }
      }
      try await memory.forget(ids: ["b"], erasing: false)
      #expect(try await memory.heuristics().isEmpty)
      try await memory.forget(ids: ["c"], erasing: false)
      #expect(try await memory.patterns().isEmpty)
      #expect(try await memory.recommendation(id: kept.id) == nil)
      #expect(try await memory.checkStore() == [])
      await other.close()
    }
  }

  @Test("Forgetting and deleting count an episode out once, with its successes")
  func counts() async throws {
    for isForgotten in [true, false] {
      try await TemporaryHome.withMemory { memory, _ in
        _ = try await memory.importEpisodes([
          decision("a", fails: true), decision("b"), decision("c"),
        ])
        try await memory.learnPending()
        if isForgotten {
          try await memory.forget(ids: ["a"], erasing: false)
        } else {
          try await memory.deleteEpisode("a")
        }
        #expect(try await memory.episodes().episodes.count == 2)
        for pattern in try await memory.patterns() {
          #expect(pattern.evidence == ["b", "c"])
          #expect(pattern.occurrenceCount == 2)
          #expect(pattern.successRate == 1)
          if case .decisionPoint(_, _, let statistics) = pattern.kind {
            #expect(statistics == OutcomeStatistics(successCount: 2, failureCount: 0))
          }
        }
        // As if it had never been.
        try await TemporaryHome.withMemory { fresh, _ in
          _ = try await fresh.importEpisodes([decision("b"), decision("c")])
          try await fresh.learnPending()
          func summary(_ memory: Memory) async throws -> [String] {
            try await memory.patterns().map {
              "\($0.kind) \($0.context) \($0.successRate) \($0.occurrenceCount) \($0.evidence)"
            }.sorted()
          }
          #expect(try await summary(memory) == summary(fresh))
        }
      }
    }
  }

  @Test("What was learned from an evicted episode stays, and counts once when the episode is back")
  func eviction() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let all = [decision("a"), decision("b"), LearningEpisodes.episode("c", domain: "mail")]
      _ = try await memory.importEpisodes(all)
      try await memory.learnPending()
      let patterns = try await memory.patterns()
      let heuristics = try await memory.heuristics()
      #expect(heuristics.count == 1)
      try await memory.setCapacity(CapacityLimits(episodesMax: 1))
      #expect(try await memory.enforceCapacity().ids == ["a", "b"])
      func isAsBefore() async throws {
        #expect(try await memory.patterns() == patterns)
        #expect(try await memory.heuristics() == heuristics)
        for pattern in patterns {
          let found = try await memory.searchPatterns(PatternRequest(pattern.embeddedText))
          #expect(found.map(\.pattern).contains(pattern))
        }
        #expect(try await memory.checkStore() == [])
        #expect(try await memory.validateCache().problems == [])
      }
      try await isAsBefore()
      // Explained by what is left of it.
      #expect(try await memory.explainPattern(id: heuristics[0].id).evidence.isEmpty)
      try await memory.setCapacity(CapacityLimits())
      #expect(try await memory.importEpisodes(all).added == 2)
      try await memory.learnPending()
      try await isAsBefore()
      // And it can be forgotten now.
      try await memory.forget(ids: ["a", "b"], erasing: false)
      #expect(try await memory.heuristics().isEmpty)
      #expect(try await memory.patterns().allSatisfy { $0.evidence == ["c"] })
    }
  }

  @Test("What a limit has evicted can be forgotten: its words go, and its id stays away")
  func evictedAndForgotten() async throws {
    try await TemporaryHome.withMemory { memory, home in
      let telling = decision("a", Self.condition + " of zanzibarquokka")
      let other = decision("b")
      _ = try await memory.importEpisodes([telling, other])
      _ = try await memory.importEpisodes([LearningEpisodes.episode("c", domain: "mail")])
      try await memory.learnPending()
      try await memory.setCapacity(CapacityLimits(episodesMax: 1))
      #expect(try await memory.enforceCapacity().ids == ["a", "b"])
      try await memory.setCapacity(CapacityLimits())
      func words() async throws -> String {
        "\(try await memory.patterns()) \(try await memory.heuristics())"
      }
      #expect(try await words().contains("zanzibarquokka"))
      await expectError(.notFound) { try await memory.forget(ids: ["a", "nosuch"]) }
      #expect(try await words().contains("zanzibarquokka"))
      let preview = try await memory.forget(ids: ["a"], isDryRun: true)
      #expect(preview.removed.episodes == 0 && preview.removed.patterns > 0)
      let report = try await memory.forget(ids: ["a"])
      #expect(report.removed.patterns == preview.removed.patterns && report.isErased)
      #expect(try await !words().contains("zanzibarquokka"))
      for name in ["engram.db", "engram.db-wal"] {
        let data = FileManager.default.contents(atPath: home.file(name)) ?? Data()
        #expect(data.range(of: Data("zanzibarquokka".utf8)) == nil, "\(name)")
      }
      #expect(try await memory.importEpisodes([telling]).forgotten == 1)
      #expect(try await memory.checkStore() == [])
    }
  }

  @Test("A rule that is none any more is named by no episode")
  func droppedRule() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      _ = try await memory.importEpisodes([decision("a"), decision("b")])
      try await memory.learnPending()
      let rule = try #require(try await memory.heuristics().first?.id)
      for id in ["a", "b"] {
        #expect(try await memory.episode(id: id)?.heuristicIDs == [rule])
      }
      try await memory.forget(ids: ["a"], erasing: false)
      #expect(try await memory.heuristics().isEmpty)
      #expect(try await memory.episode(id: "b")?.heuristicIDs == [])
      // And by learning that it does not work.
      _ = try await memory.importEpisodes([decision("c")])
      try await memory.learnPending()
      #expect(try await memory.heuristics().count == 1)
      _ = try await memory.importEpisodes((1...9).map { decision("d\($0)", fails: true) })
      try await memory.learnPending()
      #expect(try await memory.heuristics().isEmpty)
      for id in ["b", "c", "d1"] {
        #expect(try await memory.episode(id: id)?.heuristicIDs == [], "\(id)")
      }
    }
  }

  @Test("A limit evicts what was learned from before what was not")
  func evictionOrder() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      _ = try await memory.importEpisodes([
        LearningEpisodes.episode("e10"), LearningEpisodes.episode("e20"),
      ])
      try await memory.learnPending()
      // The oldest, and it waits.
      _ = try await memory.importEpisodes([LearningEpisodes.episode("e0", domain: "mail")])
      try await memory.setCapacity(CapacityLimits(episodesMax: 1))
      #expect(try await memory.enforceCapacity().ids == ["e10", "e20"])
      #expect(try await memory.pendingEpisodeCount() == 1)
    }
  }

  @Test("Counts are exact where a pattern was seen more often than it names episodes")
  func beyondEvidence() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let count = PatternMerge.evidenceMax + 40
      _ = try await memory.importEpisodes((0..<count).map { LearningEpisodes.episode("e\($0)") })
      try await memory.learnPending()
      // Neither named, nor the next one; then one that is named; then one that is not again.
      var left = count
      for id in ["e0", "e\(count - 1)", "e1", "e2"] {
        try await memory.forget(ids: [id], erasing: false)
        left -= 1
        #expect(try await memory.patterns().map(\.occurrenceCount) == [left, left])
      }
      // All that are named: earlier ones take their place.
      let named = try #require(try await memory.patterns().first).evidence
      try await memory.forget(ids: named, erasing: false)
      let rest = left - named.count
      for pattern in try await memory.patterns() {
        #expect(pattern.occurrenceCount == rest && pattern.evidence.count == rest)
      }
      try await memory.forget(matching: EpisodeFilter(), includingAll: true, erasing: false)
      #expect(try await memory.patterns().isEmpty)
    }
  }

  @Test("What was not learned from yet is not learned from once it is forgotten")
  func pending() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      _ = try await memory.importEpisodes([decision("a"), decision("b")])
      try await memory.forget(ids: ["a"], erasing: false)
      #expect(try await memory.pendingEpisodeCount() == 1)
      try await memory.learnPending()
      #expect(try await memory.patterns().allSatisfy { $0.evidence == ["b"] })
    }
  }

  @Test("One memory forgets while another learns: every pattern counts what is left")
  func meanwhile() async throws {
    let home = TemporaryHome()
    var configuration = home.configuration()
    configuration.learning.batchSize = 4
    let memory = try await Memory.open(configuration)
    let other = try await Memory.open(configuration)
    _ = try await memory.importEpisodes((0..<120).map { LearningEpisodes.episode("e\($0)") })
    async let learned = other.learnPending()
    for start in stride(from: 0, to: 60, by: 5) {
      try await memory.forget(ids: (start..<start + 5).map { "e\($0)" }, erasing: false)
    }
    _ = try await learned
    try await memory.learnPending()
    let patterns = try await other.patterns()
    #expect(patterns.count == 2)
    for pattern in patterns {
      #expect(pattern.occurrenceCount == 60)
      #expect(Set(pattern.evidence) == Set((60..<120).map { "e\($0)" }))
    }
    await memory.close()
    await other.close()
  }

  @Test("Changes of what an episode is about, tags and successors teach nothing twice")
  func updates() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let tag = try Episodes.Tag("old")
      var first = decision("a")
      first.tags = [tag]
      _ = try await memory.importEpisodes([first, decision("b")])
      try await memory.learnPending()
      let patterns = try await memory.patterns()
      try await memory.updateEpisode("a", EpisodeChanges(taskDescription: "in other words"))
      try await memory.replaceTags([tag], by: try Episodes.Tag("new"))
      try await memory.addTags([try Episodes.Tag("more")], to: "b")
      try await memory.supersede("a", by: "b")
      // The same content under another id is not stored.
      var copy = try #require(try await memory.episode(id: "b"))
      copy.id = "copy"
      copy.patternIDs = []
      copy.heuristicIDs = []
      #expect(try await memory.importEpisodes([copy]).sameContent == 1)
      #expect(try await memory.pendingEpisodeCount() == 0)
      try await memory.learnPending()
      #expect(try await memory.patterns() == patterns)
    }
  }

  @Test("An episode that is replaced is taken out of decisions and uses before it counts again")
  func replaced() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      _ = try await memory.importEpisodes([decision("a"), decision("b")])
      try await memory.learnPending()
      let used = try #require(try await memory.heuristics().first?.id)
      var episode = decision("c")
      episode.appliedPatterns = [AppliedPattern(patternID: used, effect: .helped)]
      _ = try await memory.importEpisodes([episode])
      try await memory.learnPending()
      episode.outcome = .failure(reason: "reverted", details: nil)
      episode.steps[1].result = .error(message: "refused")
      _ = try await memory.importEpisodes([episode], policy: .replaceChanged)
      try await memory.learnPending()
      let pattern = try #require(try await memory.pattern(id: used))
      #expect(pattern.occurrenceCount == 3 && pattern.evidence == ["a", "b", "c"])
      #expect(abs(pattern.successRate - 2.0 / 3) < 1e-12)
      guard case .decisionPoint(_, _, let statistics) = pattern.kind else {
        Issue.record("it is a decision")
        return
      }
      #expect(statistics == OutcomeStatistics(successCount: 2, failureCount: 1))
      #expect(pattern.effectiveness.timesApplied == 1)
      #expect(pattern.effectiveness.successWhenApplied == 1)
    }
  }

  @Test("An export has the same counts in a new home, whatever was learned in which order")
  func transferred() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      // A failure before there was anything to count it against, and one that waits.
      var failure = decision("failure", fails: true)
      failure.steps = []
      failure.outcome = .failure(reason: "no", details: nil)
      _ = try await memory.importEpisodes([failure])
      try await memory.learnPending()
      _ = try await memory.importEpisodes([decision("a"), decision("b")])
      try await memory.learnPending()
      _ = try await memory.importEpisodes([decision("pending")])
      #expect(try await memory.episode(id: "failure")?.patternIDs == [])
      try await TemporaryHome.withMemory { copy, _ in
        try await memory.exportRecords { record in _ = try await copy.importRecords([record]) }
        #expect(try await copy.pendingEpisodeCount() == 1)
        try await memory.learnPending()
        try await copy.learnPending()
        #expect(try await copy.patterns() == memory.patterns())
        #expect(try await copy.heuristics() == memory.heuristics())
      }
    }
  }
}

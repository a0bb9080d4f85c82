import DurableStore
import Engram
import Episodes
import Testing

@Suite("Recommendations and feedback")
struct RecommendationTests {
  @Test("A recommendation is remembered, and feedback on it counts once, also when it changes")
  func feedback() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      try await memory.experience()
      try await memory.learnPending()
      let recommendation = try await memory.recommend(
        PatternRequest("use grep and edit", context: TaskContext(domain: "web", language: "python"))
      )
      #expect(recommendation.patterns.count == 2)
      let id = recommendation.patterns[0].pattern.id
      #expect(try await memory.pattern(id: id)?.effectiveness.timesRetrieved == 1)
      try await memory.recordFeedback(.helped, on: id, in: recommendation.id)
      try await memory.recordFeedback(.helped, on: id, in: recommendation.id)
      var use = try #require(try await memory.pattern(id: id)?.effectiveness)
      #expect(use.timesApplied == 1 && use.successWhenApplied == 1 && use.failureWhenApplied == 0)
      try await memory.recordFeedback(.hindered, on: id, in: recommendation.id)
      use = try #require(try await memory.pattern(id: id)?.effectiveness)
      #expect(use.timesApplied == 1 && use.successWhenApplied == 0 && use.failureWhenApplied == 1)
      let record = try #require(try await memory.recommendation(id: recommendation.id))
      #expect(record.items.map(\.effect) == [.hindered, nil])
      #expect(record.context == TaskContext(domain: "web", language: "python"))
    }
  }

  @Test("Feedback in an unfinished episode counts with it, against comparable episodes")
  func feedbackInEpisode() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let other = try await memory.experience()
      try await memory.learnPending()
      let task = try await memory.startEpisode(
        NewTask("Fix it", context: TaskContext(domain: "web", language: "python")))
      let recommendation = try await memory.recommend(
        PatternRequest("use grep", episodeID: task.id))
      let id = recommendation.patterns[0].pattern.id
      try await memory.recordFeedback(.noEffect, on: id, in: recommendation.id)
      try await memory.recordFeedback(.helped, on: id, in: recommendation.id)
      #expect(try await memory.pattern(id: id)?.effectiveness.timesApplied == 0)
      let completed = try await memory.completeEpisode(
        task.id, outcome: .success(verdict: "done", artifacts: []))
      #expect(completed.appliedPatterns == [AppliedPattern(patternID: id, effect: .helped)])
      try await memory.learnPending()
      let use = try #require(try await memory.pattern(id: id)?.effectiveness)
      #expect(use.timesApplied == 1 && use.successWhenApplied == 1)
      let compared = try #require(try await memory.episode(id: other.id)?.reward?.total)
      let own = try #require(try await memory.episode(id: task.id)?.reward?.total)
      #expect(abs(use.averageRewardDelta - (own - compared)) < 1e-12)
      // It has been counted with the episode: what is said now takes its place.
      try await memory.recordFeedback(.hindered, on: id, in: recommendation.id)
      let changed = try #require(try await memory.pattern(id: id)?.effectiveness)
      #expect(changed.timesApplied == 1)
      #expect(changed.successWhenApplied == 0 && changed.failureWhenApplied == 1)
      #expect(
        try await memory.episode(id: task.id)?.appliedPatterns
          == [AppliedPattern(patternID: id, effect: .hindered)])
    }
  }

  @Test("Patterns named at completion count by the outcome; unknown ones are refused")
  func appliedAtCompletion() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      try await memory.experience()
      try await memory.learnPending()
      let id = try #require(try await memory.patterns().first?.id)
      try await memory.experience(
        outcome: .failure(reason: "no", details: nil), applied: [AppliedPattern(patternID: id)])
      try await memory.learnPending()
      let use = try #require(try await memory.pattern(id: id)?.effectiveness)
      #expect(use.timesApplied == 1 && use.failureWhenApplied == 1)
      await #expect {
        try await memory.experience(applied: [AppliedPattern(patternID: "none")])
      } throws: { ($0 as? EngramError)?.code == .invalidInput && "\($0)".contains("none") }
    }
  }

  @Test("Nothing is remembered where nothing is recommended, and an episode must be there")
  func nothingToRecommend() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let request = PatternRequest("Fix the flaky login test")
      let empty = try await memory.recommend(request)
      #expect(empty.patterns.isEmpty)
      #expect(try await memory.recommendation(id: empty.id) == nil)
      try await memory.experience()
      try await memory.learnPending()
      let some = try await memory.recommend(request)
      #expect(try await memory.recommendation(id: some.id)?.items.count == some.patterns.count)
      let error = await engramError {
        _ = try await memory.recommend(PatternRequest("a task", episodeID: "nosuch"))
      }
      #expect(error?.code == .notFound && error?.message.contains("nosuch") == true)
      let other = try await memory.startEpisode(NewTask("a task", namespace: "team"))
      await expectError(.invalidInput) {
        _ = try await memory.recommend(PatternRequest("a task", episodeID: other.id))
      }
    }
  }

  @Test("What helped is recommended before what did not")
  func ranking() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      try await memory.experience(tools: ["alpha", "beta", "gamma"])
      try await memory.experience(tools: ["delta", "epsilon", "zeta"])
      try await memory.learnPending()
      let request = PatternRequest("Fix the flaky login test", kind: .toolSequence)
      for _ in 0..<6 {
        let recommendation = try await memory.recommend(request)
        for ranked in recommendation.patterns {
          try await memory.recordFeedback(
            ranked.pattern.kind.summary.hasPrefix("delta") ? .helped : .hindered,
            on: ranked.pattern.id, in: recommendation.id)
        }
      }
      let ranked = try await memory.recommend(request).patterns
      #expect(ranked.map { $0.pattern.kind.summary.prefix(5) } == ["delta", "alpha"])
      #expect(ranked[0].score.effectiveness > 0.75 && ranked[1].score.effectiveness < 0.25)
    }
  }

  @Test("What is not like the task is not recommended, however often it helped elsewhere")
  func likenessMin() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      try await memory.experience()
      try await memory.experience(
        "Send the invoices of the month", domain: "finance", tools: ["collect", "sum", "mail"])
      try await memory.learnPending()
      let login = PatternRequest("Fix the flaky login test")
      for _ in 0..<5 {
        let found = try await memory.recommend(login)
        #expect(found.patterns.allSatisfy { $0.pattern.context.domain == "web" })
        #expect(found.nearest == nil && !found.patterns.isEmpty)
        for ranked in found.patterns {
          try await memory.recordFeedback(.helped, on: ranked.pattern.id, in: found.id)
        }
      }
      let invoices = try await memory.recommend(PatternRequest("Send the invoices"))
      #expect(invoices.patterns.allSatisfy { $0.pattern.context.domain == "finance" })
      #expect(!invoices.patterns.isEmpty)

      var bread = PatternRequest("Bake bread of sourdough")
      let counts = { try await memory.patterns().map(\.effectiveness.timesRetrieved) }
      let before = try await counts()
      let nothing = try await memory.recommend(bread)
      #expect(nothing.patterns.isEmpty)
      let nearest = try #require(nothing.nearest)
      #expect(nearest.score.semantic < PatternLikeness.leastRecommended)
      #expect(try await memory.recommendation(id: nothing.id) == nil)
      // What was not shown is not counted.
      #expect(try await counts() == before)
      bread.likenessMin = 0
      #expect(try await memory.recommend(bread).patterns.count == 4)
      #expect(try await counts() == before.map { $0 + 1 })
      bread.likenessMin = 2
      await expectError(.invalidInput) { _ = try await memory.recommend(bread) }
    }
  }

  @Test("An answer without being remembered counts nothing")
  func unremembered() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      try await memory.experience()
      try await memory.learnPending()
      let request = PatternRequest("Fix the flaky login test")
      let found = try await memory.recommend(request, remembering: false)
      #expect(!found.patterns.isEmpty)
      #expect(try await memory.recommendation(id: found.id) == nil)
      #expect(try await memory.patterns().allSatisfy { $0.effectiveness.timesRetrieved == 0 })
    }
  }

  @Test("Analogous patterns come from other domains")
  func analogous() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      try await memory.experience(domain: "web")
      try await memory.experience(domain: "ci", tools: ["make", "lint", "ship"])
      try await memory.learnPending()
      let found = try await memory.analogousPatterns(
        PatternRequest("use make", context: TaskContext(domain: "web")))
      #expect(!found.isEmpty && found.allSatisfy { $0.pattern.context.domain == "ci" })
      await #expect(throws: EngramError.self) {
        try await memory.analogousPatterns(PatternRequest("use make"))
      }
    }
  }

  @Test("An explanation says why, and from which episodes")
  func explanation() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let episode = try await memory.experience()
      try await memory.learnPending()
      let pattern = try #require(try await memory.patterns(kind: .toolSequence).first)
      let explanation = try await memory.explainPattern(id: pattern.id, question: "use grep")
      #expect(explanation.evidence.map(\.id) == [episode.id])
      #expect(abs(explanation.occurrenceWilsonBound - 0.20654) < 1e-4)
      #expect(explanation.reasons.first?.hasPrefix("seen in 1 episode, success rate 1.00") == true)
      #expect(explanation.score?.semantic ?? 0 > 0)
      await #expect { try await memory.explainPattern(id: "none") } throws: {
        ($0 as? EngramError)?.code == .notFound
      }
    }
  }

  @Test("A playbook has the steps of what worked; without experience there is none")
  func playbook() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      #expect(try await memory.playbook(PatternRequest("Fix the flaky login test")) == nil)
      let episode = try await memory.experience()
      try await memory.learnPending()
      let playbook = try #require(
        try await memory.playbook(PatternRequest("Fix the flaky login test")))
      #expect(playbook.steps.map(\.toolHint) == ["grep", "edit", "pytest"])
      #expect(playbook.supportingIDs.contains(episode.id))
      #expect(playbook.confidence > 0 && playbook.confidence < 1)
      // Its patterns are those of an episode like the task, in whatever words.
      let shown = try #require(try await memory.recommendation(id: playbook.id))
      #expect(!shown.items.isEmpty)
      #expect(shown.items.allSatisfy { playbook.supportingIDs.contains($0.patternID) })
      // Of another task nothing is known that helps.
      let count = { try await memory.patterns().map(\.effectiveness.timesRetrieved) }
      let before = try await count()
      #expect(try await memory.playbook(PatternRequest("Bake bread of sourdough")) == nil)
      #expect(try await count() == before)
    }
  }

  @Test("A playbook has the steps of the same task, and none of what was superseded")
  func likeness() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let old = try await memory.experience(tools: ["guess", "hope"])
      let same = try await memory.experience()
      for _ in 0..<3 {
        try await memory.experience(
          "Send the invoices of the month", tools: ["collect", "sum", "mail"])
      }
      try await memory.learnPending()
      try await memory.supersede(old.id, by: same.id)
      let playbook = try #require(
        try await memory.playbook(PatternRequest("Fix the flaky login test")))
      #expect(playbook.steps.map(\.toolHint) == ["grep", "edit", "pytest"])
      #expect(!playbook.supportingIDs.contains(old.id))
    }
  }

  @Test("Feedback on what is not there is refused by name")
  func unknown() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      await #expect { try await memory.recordFeedback(.helped, on: "p", in: "none") } throws: {
        ($0 as? EngramError)?.code == .notFound && "\($0)".contains("none")
      }
      try await memory.experience()
      try await memory.learnPending()
      let recommendation = try await memory.recommend(PatternRequest("use grep"))
      await #expect {
        try await memory.recordFeedback(.helped, on: "p", in: recommendation.id)
      } throws: { ($0 as? EngramError)?.code == .notFound }
    }
  }
}

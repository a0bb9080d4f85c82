import Episodes
import Testing

@testable import DurableStore

@Suite("What callers pass in is data, never SQL")
struct InjectionTests {
  private static let attacks = [
    "'; DROP TABLE episodes; --", "\"; DELETE FROM steps; --", "' OR '1'='1",
    "x' UNION SELECT 1 --",
    "?1", "NULL", "');INSERT INTO tags VALUES('x',1);--", "\\'; VACUUM; --", "%' AND 1=1 --",
    "episode_text MATCH 'x'", "NEAR(a b)", "a\" OR \"b", "$.x", "json_extract(metadata)",
    "0; ATTACH DATABASE 'x' AS y", "/* */ DROP TABLE tags", "\u{0}'; DROP TABLE checkpoints; --",
  ]

  /// An identifier may hold no blanks.
  private static func identifier(_ attack: String) -> String {
    let scalars = attack.unicodeScalars.filter { $0 != " " && $0 != "\u{0}" }
    return String(String.UnicodeScalarView(scalars))
  }

  private static func episode(_ attack: String) -> Episode {
    let id = identifier(attack)
    var episode = Episode(
      id: id, namespace: id, agentID: id, sessionID: id, taskDescription: attack,
      context: TaskContext(domain: attack, language: attack, framework: attack),
      startTime: Samples.time, endTime: Samples.time)
    episode.steps = [
      ExecutionStep(
        number: 1, timestamp: Samples.time, tool: attack, action: attack,
        parameters: .object([attack: .string(attack)]), result: .error(message: attack),
        metadata: [attack: attack])
    ]
    episode.outcome = .partialSuccess(verdict: attack, completed: [attack], failed: [attack])
    episode.reflection = Reflection(
      successes: [attack], improvements: [attack], insights: [attack], generatedAt: Samples.time)
    episode.salientFeatures = [attack]
    episode.patternIDs = [attack]
    episode.heuristicIDs = [attack]
    episode.appliedPatterns = [AppliedPattern(patternID: attack)]
    episode.metadata = [attack: attack]
    episode.checkpoints = [
      Checkpoint(
        id: id, episode: id, stepNumber: 1, timestamp: Samples.time, label: attack, note: attack)
    ]
    episode.supersededBy = id
    return episode
  }

  @Test("Every text field of every record takes an attack as text and gives it back")
  func stored() async throws {
    try await withStore { store, _ in
      let bystander = Samples.episode("bystander")
      try await store.insert([NewEpisode(bystander)])
      let schema = try await store.read("SELECT group_concat(sql) FROM sqlite_schema").rows
      for (number, attack) in Self.attacks.enumerated() {
        let episode = Self.episode(attack)
        let id = episode.id
        var embedding = Samples.embedding(id, model: attack)
        embedding.contentHash = attack
        try await store.insert([NewEpisode(episode, embeddings: [embedding])])
        #expect(try await store.episode(id: id) == episode)
        #expect(try await store.episodes(ids: [id]) == [episode])
        #expect(try await store.embeddings(ofEpisode: id).map(\.embedding) == [embedding])
        var pattern = Samples.pattern(id)
        pattern.context = TaskContext(domain: attack, language: attack, framework: attack)
        // An identifier, which has no blanks, is an attack by itself.
        pattern.evidence = [id]
        pattern.kind = .errorRecovery(errorType: attack, recoverySteps: [attack])
        try await store.put(pattern)
        #expect(try await store.pattern(id: id) == pattern)
        let heuristic = Heuristic(
          id: id, condition: attack, action: attack, confidence: 1, evidence: [attack],
          createdAt: Samples.time, updatedAt: Samples.time)
        try await store.put(heuristic)
        #expect(try await store.heuristic(id: id) == heuristic)
        var linked = Samples.episode("linked-\(number)")
        linked.namespace = episode.namespace
        try await store.insert([NewEpisode(linked)])
        let relationship = Relationship(
          id: id, from: id, to: linked.id, kind: .relatedTo, reason: attack,
          createdAt: Samples.time)
        try await store.insert(relationship)
        #expect(try await store.relationship(id: id) == relationship)
        try await store.updateRelationship(id: id, reason: attack, priority: 1)
        try await store.put(episode.checkpoints[0])
      }
      #expect(try await store.read("SELECT group_concat(sql) FROM sqlite_schema").rows == schema)
      #expect(try await store.count(matching: EpisodeFilter()) == 2 * Self.attacks.count + 1)
      #expect(try await store.episode(id: "bystander") == bystander)
      #expect(try await store.checkIntegrity() == [])
    }
  }

  @Test("Every text of a query finds what equals it, and nothing else")
  func queried() async throws {
    try await withStore { store, _ in
      // A condition on metadata takes no NUL; see the test of refused conditions.
      let attacks = Self.attacks.filter { !$0.contains("\0") }
      try await store.insert(attacks.map { NewEpisode(Self.episode($0)) })
      let total = attacks.count
      for attack in attacks {
        let id = Self.identifier(attack)
        let filters = [
          EpisodeFilter(namespace: id), EpisodeFilter(agentID: id), EpisodeFilter(sessionID: id),
          EpisodeFilter(domain: attack), EpisodeFilter(language: attack),
          EpisodeFilter(framework: attack),
          EpisodeFilter(metadata: .equals(key: attack, value: attack)),
          EpisodeFilter(metadata: .exists(key: attack)),
          EpisodeFilter(metadata: .isAnyOf(key: attack, values: [attack])),
          EpisodeFilter(metadata: .contains(key: attack, text: attack)),
          EpisodeFilter(metadata: .atLeast(key: attack, .text(attack))),
        ]
        for filter in filters {
          let found = try await store.episodes(matching: filter, limit: 100).episodes.map(\.id)
          #expect(found == [id], "\(filter)")
          #expect(try await store.count(matching: filter) == 1)
        }
        #expect(
          try await store.analytics(matching: EpisodeFilter(domain: attack)).totals.episodes == 1)
        _ = try await store.cachedVectors(contentHashes: [attack], model: attack)
        _ = try await store.embeddingOwners(matching: EpisodeFilter(domain: attack), model: attack)
        _ = try await store.patterns(domain: attack, after: attack, limit: 10)
        _ = try await store.heuristics(after: attack, limit: 10)
        _ = try await store.relationships(after: attack, limit: 10)
        _ = try await store.relationships(ofEpisode: attack)
        _ = try await store.checkpoints(ofEpisode: attack)
        _ = try await store.checkpoint(id: attack)
        try await store.deletePatterns(ids: [attack])
        try await store.deleteHeuristics(ids: [attack])
        try await store.deleteRelationships(ids: [attack])
        try await store.deleteEmbeddings(model: attack)
        #expect(try await store.episode(id: "' OR '1'='1") == nil)
      }
      #expect(try await store.count(matching: EpisodeFilter()) == total)
      for (index, attack) in attacks.enumerated() {
        #expect(try await store.deleteEpisode(id: Self.identifier(attack)).deletedCount == 1)
        #expect(try await store.count(matching: EpisodeFilter()) == total - index - 1)
      }
      #expect(try await store.checkIntegrity() == [])
    }
  }
}

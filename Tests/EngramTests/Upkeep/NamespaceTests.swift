import DurableStore
import Engram
import Episodes
import Sync
import Testing

@Suite("Namespaces")
struct NamespaceTests {
  @Test("An import that names what is another namespace's shows and changes nothing of it")
  func imports() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var mine = LearningEpisodes.episode("a1", namespace: "team-a")
      mine.taskDescription = "team a secret plan"
      mine.patternIDs = ["P"]
      mine.heuristicIDs = ["H"]
      var theirs = LearningEpisodes.episode("b2", namespace: "team-b")
      theirs.supersededBy = "a1"
      var later = LearningEpisodes.episode("b3", namespace: "team-b")
      later.supersededBy = "b2"
      let evidence = ["a1"] + (1..<PatternMerge.evidenceMax).map { "old\($0)" }
      let pattern = Pattern(
        id: "P", namespace: "team-b", kind: .toolSequence(tools: ["x", "y"], averageLatency: 1),
        context: TaskContext(), successRate: 1, occurrenceCount: 900, evidence: evidence,
        createdAt: mine.startTime, updatedAt: mine.startTime)
      var rare = pattern
      rare.id = "Q"
      rare.occurrenceCount = 1
      rare.evidence = ["a1"]
      mine.patternIDs.append("Q")
      let heuristic = Heuristic(
        id: "H", namespace: "team-b", condition: "c", action: "a", confidence: 1,
        evidence: ["b2"], createdAt: mine.startTime, updatedAt: mine.startTime)
      _ = try await memory.importRecords(
        [.heuristic(heuristic), .pattern(pattern, embeddings: []), .pattern(rare, embeddings: [])]
          + [mine, theirs, later].map { .learned($0, embeddings: []) })

      #expect(try await memory.history(of: "b2").map(\.id) == ["b3", "b2"])
      #expect(try await memory.history(of: "a1").map(\.id) == ["a1"])
      let explanation = try await memory.explainPattern(id: "Q")
      #expect(explanation.evidence.isEmpty)
      try await memory.deleteEpisode("a1")
      #expect(try await memory.pattern(id: "P") == pattern)
      #expect(try await memory.pattern(id: "Q") == rare)
      #expect(try await memory.heuristics(namespace: "team-b") == [heuristic])
      try await memory.sync()
      #expect(try await memory.validateCache().problems == [])
    }
  }

  @Test("What is in one namespace is behind no door of another")
  func isolation() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var generator = RandomEpisodes(seed: 20_261_122)
      var episodes = generator.episodes(60)
      for index in episodes.indices {
        episodes[index].namespace = "n\(index % 3)"
        episodes[index].sessionID = "shared"
        episodes[index].agentID = "shared"
        episodes[index].tags = [try Episodes.Tag("shared"), try Episodes.Tag("only\(index % 3)")]
        episodes[index].context = TaskContext(domain: "domain\(index % 3)")
      }
      _ = try await memory.importEpisodes(episodes)
      for number in 0..<3 {
        let name = "n\(number)"
        let members = Set(episodes.filter { $0.namespace == name }.map(\.id))
        for filter in [
          EpisodeFilter(namespace: name), EpisodeFilter(namespace: name, sessionID: "shared"),
          EpisodeFilter(namespace: name, agentID: "shared"),
          EpisodeFilter(namespace: name, tagsAll: [try Episodes.Tag("shared")]),
        ] {
          let listed = try await memory.episodes(matching: filter).episodes.map(\.id)
          #expect(Set(listed) == members)
          let hits = try await memory.search(
            SearchRequest("login cache parser", limit: 60, filter: filter)
          ).hits.map(\.episode.id)
          #expect(Set(hits) == members)
          #expect(try await memory.analytics(matching: filter).totals.episodes == 20)
        }
        #expect(
          Set(try await memory.tags(namespace: name).map(\.tag.name)) == [
            "shared", "only\(number)",
          ])
        #expect(
          try await memory.analytics(matching: EpisodeFilter(namespace: name)).domains.map(\.name)
            == ["domain\(number)"])
        for id in episodes.map(\.id).prefix(6) {
          let isMember = members.contains(id)
          #expect(
            try await memory.episode(id: id, namespace: name).map(\.id) == (isMember ? id : nil))
        }
        #expect(
          try await memory.nearDuplicates(
            threshold: 0.3, filter: EpisodeFilter(namespace: name)
          ).pairs.allSatisfy { members.contains($0.first) && members.contains($0.second) })
      }
      let namespaces = try await memory.nearDuplicates(threshold: 0.3).pairs.map { pair in
        episodes.filter { $0.id == pair.first || $0.id == pair.second }.map(\.namespace)
      }
      #expect(!namespaces.isEmpty && namespaces.allSatisfy { Set($0).count == 1 })
    }
  }

  @Test("A namespace is renamed, merged only where that is asked, and its cache follows")
  func renamed() async throws {
    try await TemporaryHome.withMemory { memory, home in
      let other = try await home.open()
      let first = try await memory.startEpisode(NewTask("one", namespace: "a", agentID: "ann")).id
      _ = try await memory.startEpisode(NewTask("two", namespace: "b"))
      let summaries = try await memory.namespaces()
      #expect(summaries.map(\.namespace) == ["a", "b"])
      #expect(
        summaries[0].episodes == 1 && summaries[0].agents == 1 && summaries[0].unfinished == 1)
      await expectError(.conflict) { _ = try await memory.renameNamespace("a", to: "b") }
      await expectError(.invalidInput) { _ = try await memory.renameNamespace("a", to: "a b") }
      await expectError(.invalidInput) { _ = try await memory.renameNamespace("a", to: "a") }
      await expectError(.notFound) { _ = try await memory.renameNamespace("c", to: "d") }
      #expect(try await memory.renameNamespace("a", to: "c", isDryRun: true) == 1)
      #expect(try await memory.renameNamespace("a", to: "c") == 1)
      #expect(try await other.episode(id: first)?.namespace == "c")
      #expect(
        try await other.search(
          SearchRequest("one", filter: EpisodeFilter(namespace: "c"))
        ).hits.map(\.episode.id) == [first])
      #expect(try await memory.renameNamespace("c", to: "b", merging: true) == 1)
      #expect(try await other.namespaces().map(\.episodes) == [2])
      #expect(try await other.validateCache().problems == [])
      await other.close()
    }
  }
}

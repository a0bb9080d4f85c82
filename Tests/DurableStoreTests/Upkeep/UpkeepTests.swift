import Episodes
import Testing

@testable import DurableStore

@Suite("Tags, history, namespaces and limits in the store")
struct UpkeepTests {
  private func tags(_ names: String...) throws -> [Episodes.Tag] {
    try names.map { try Episodes.Tag($0) }
  }

  @Test("Replaced tags stay once and in their place, and the index follows")
  func replacedTags() async throws {
    try await withStore { store, _ in
      var first = Samples.episode("a", text: "one")
      first.tags = try tags("old", "kept", "new")
      first.context.tags = try tags("old")
      var second = Samples.episode("b", text: "two")
      second.tags = try tags("older")
      second.namespace = "team"
      try await store.insert([NewEpisode(first), NewEpisode(second)])
      let before = try await store.lastChangeSequence()
      #expect(
        try await store.replaceTags(
          tags("old", "older"), by: Episodes.Tag("new"), namespace: "default")
          == ["a"])
      #expect(try await store.episode(id: "a")?.tags == tags("new", "kept"))
      #expect(try await store.episode(id: "a")?.context.tags == tags("new"))
      #expect(try await store.episode(id: "b")?.tags == tags("older"))
      #expect(try await store.replaceTags(tags("old"), by: Episodes.Tag("new")) == [])
      #expect(try await store.replaceTags(tags("older", "new"), by: nil) == ["a", "b"])
      #expect(try await store.episode(id: "a")?.tags == tags("kept"))
      #expect(try await store.tagSummaries().map(\.tag) == tags("kept"))
      #expect(try await store.changes(after: before, limit: 9).map(\.recordID) == ["a", "a", "b"])
      #expect(try await store.checkIntegrity() == [])
    }
  }

  @Test("What was read before a change of tags or validity does not write them back")
  func revisions() async throws {
    try await withStore { store, _ in
      for id in ["a", "b"] {
        var episode = Samples.episode(id, text: id)
        episode.context.tags = try tags("old")
        try await store.insert([NewEpisode(episode)])
      }
      let episode = try #require(try await store.episode(id: "a"))
      let later = Timestamp(
        nanosecondsSince1970: Samples.time.nanosecondsSince1970 + 1_000_000_000)
      let changes: [@Sendable () async throws -> Void] = [
        { _ = try await store.replaceTags([Episodes.Tag("old")], by: Episodes.Tag("new")) },
        { try await store.supersede("a", by: "b", at: later) },
      ]
      for change in changes {
        let before = try await store.revisions(ofEpisodes: ["a", "b", "none"])
        #expect(before.keys.sorted() == ["a", "b"])
        try await change()
        for id in ["a", "b"] {
          var stale = episode
          stale.id = id
          await #expect(throws: DurableStoreError.changedMeanwhile(.episode, id: id)) {
            try await store.update(
              stale, EpisodeChanges(context: stale.context, validFrom: .set(later)),
              expectedRevision: before[id] ?? 0, embeddings: [])
          }
          await #expect(throws: DurableStoreError.changedMeanwhile(.episode, id: id)) {
            try await store.update(stale, expectedRevision: before[id] ?? 0)
          }
          let update = EpisodeUpdate(
            stale, EpisodeChanges(tags: []), expectedRevision: before[id] ?? 0, embeddings: [])
          #expect(try await store.updateTags([update]) == 0)
        }
      }
      #expect(try await store.tagSummaries().map(\.tag) == tags("new"))
      #expect(try await store.episode(id: "a")?.validUntil == later)
      #expect(try await store.checkIntegrity() == [])
    }
  }

  @Test("Where a successor goes, what it replaced is valid until the next one, or for ever")
  func closedGaps() async throws {
    try await withStore { store, _ in
      func time(_ second: Int64) -> Timestamp {
        Timestamp(nanosecondsSince1970: second * 1_000_000_000)
      }
      let ids = ["a", "b", "c", "d"]
      for (index, id) in ids.enumerated() {
        var episode = Samples.episode(id, text: id)
        episode.startTime = time(Int64(index))
        try await store.insert([NewEpisode(episode)])
      }
      for index in 1..<4 {
        try await store.supersede(ids[index - 1], by: ids[index], at: time(Int64(10 * index)))
      }
      func valid(_ second: Int64) async throws -> [String] {
        try await store.episodes(
          matching: EpisodeFilter(asOf: time(second), isCurrent: true), limit: 9
        ).episodes.map(\.id)
      }
      #expect(try await valid(15) == ["b"])
      try await store.deleteEpisodes(ids: ["b", "c"])
      #expect(try await store.episode(id: "a")?.validUntil == time(30))
      for second in [5, 15, 25] as [Int64] { #expect(try await valid(second) == ["a"]) }
      #expect(try await valid(35) == ["d"])
      try await store.deleteEpisode(id: "d")
      #expect(try await store.episode(id: "a")?.validUntil == nil)
      #expect(try await valid(35) == ["a"])
      // What said itself until when it is valid keeps that.
      var own = Samples.episode("e", text: "e")
      own.startTime = time(1)
      own.validUntil = time(20)
      try await store.insert([NewEpisode(own)])
      try await store.supersede("e", by: "a", at: time(40))
      try await store.deleteEpisode(id: "a")
      #expect(try await store.episode(id: "e")?.validUntil == time(20))
    }
  }

  @Test("A history that is too long keeps what is nearest to the episode")
  func longHistory() async throws {
    try await withStore { store, _ in
      let ids = (0..<9).map { "v\($0)" }
      for (index, id) in ids.enumerated() {
        var episode = Samples.episode(id, text: id)
        if index < 8 { episode.supersededBy = ids[index + 1] }
        try await store.insert([NewEpisode(episode)])
      }
      #expect(try await store.history(of: "v8", limit: 3).map(\.id) == ["v6", "v7", "v8"])
      #expect(try await store.history(of: "v4", limit: 4).map(\.id) == ["v3", "v4", "v5", "v6"])
    }
  }

  @Test("The statistics of a tag are those of its episodes")
  func summaries() async throws {
    try await withStore { store, _ in
      for index in 0..<4 {
        var episode = Samples.episode("e\(index)", text: "task \(index)")
        episode.tags = index < 3 ? try tags("flaky") : try tags("rare")
        episode.startTime = Timestamp(nanosecondsSince1970: Int64(index))
        if index < 2 {
          episode.outcome =
            index == 0
            ? .success(verdict: "v", artifacts: []) : .failure(reason: "r", details: nil)
          episode.reward = RewardScore(
            total: Double(index) + 0.5, base: 1, efficiency: 1, complexityBonus: 1,
            qualityMultiplier: 1, learningBonus: 0)
        }
        try await store.insert([NewEpisode(episode)])
      }
      #expect(
        try await store.tagSummaries() == [
          TagSummary(
            tag: Episodes.Tag("flaky"), episodes: 3, finished: 2, successes: 1, averageReward: 1,
            lastUsed: Timestamp(nanosecondsSince1970: 2)),
          TagSummary(
            tag: Episodes.Tag("rare"), episodes: 1, finished: 0, successes: 0, averageReward: nil,
            lastUsed: Timestamp(nanosecondsSince1970: 3)),
        ])
      #expect(try await store.tagSummaries(namespace: "other") == [])
    }
  }

  @Test("A history stays whole where a link of it is deleted")
  func historyOverDeleted() async throws {
    try await withStore { store, _ in
      let ids = ["a", "m", "n", "z"]
      for id in ids { try await store.insert([NewEpisode(Samples.episode(id, text: id))]) }
      for (index, (old, new)) in zip(ids, ids.dropFirst()).enumerated() {
        try await store.supersede(
          old, by: new, at: Timestamp(nanosecondsSince1970: 1_800_000_000 + Int64(index)))
      }
      let before = try await store.lastChangeSequence()
      try await store.deleteEpisodes(ids: ["n", "m"])
      for id in ["a", "z"] {
        #expect(try await store.history(of: id).map(\.id) == ["a", "z"])
      }
      #expect(try await store.episode(id: "a")?.supersededBy == "z")
      let changes = try await store.changes(after: before, limit: 9)
      #expect(changes.contains { $0.recordID == "a" && $0.operation == .update })
      #expect(
        try await store.episodes(matching: EpisodeFilter(isCurrent: true), limit: 9).episodes.map(
          \.id)
          == ["z"])
      try await store.deleteEpisode(id: "z")
      #expect(
        try await store.episodes(matching: EpisodeFilter(isCurrent: true), limit: 9).episodes.map(
          \.id)
          == ["a"])
      #expect(try await store.checkIntegrity() == [])
    }
  }

  @Test("A row that another writer put no JSON into can be deleted, and made good")
  func malformed() async throws {
    try await withStore { store, _ in
      for id in ["a", "b", "c"] {
        try await store.insert([NewEpisode(Samples.episode(id, text: id))])
        try await store.write(
          """
          UPDATE episodes SET pattern_ids = 'oops', heuristic_ids = '[', applied_patterns = '{'
          WHERE id = ?1
          """, [.text(id)])
      }
      #expect(try await store.deleteEpisodes(ids: ["a"]).deletedCount == 1)
      try await store.write("DELETE FROM episodes WHERE id = 'b'", [])
      try await store.write(
        """
        UPDATE episodes SET pattern_ids = '[]', heuristic_ids = '[]', applied_patterns = '[]'
        WHERE id = 'c'
        """, [])
      #expect(try await store.episode(id: "c")?.patternIDs == [])
      #expect(try await store.count(matching: EpisodeFilter()) == 1)
    }
  }

  @Test("An episode is superseded once, within its namespace, and never in a circle")
  func history() async throws {
    try await withStore { store, _ in
      let start = Timestamp(nanosecondsSince1970: 1_000_000_000)
      for id in ["a", "b", "c", "d"] {
        var episode = Samples.episode(id, text: "version \(id)")
        episode.startTime = start
        try await store.insert([NewEpisode(episode)])
      }
      var elsewhere = Samples.episode("x", text: "elsewhere")
      elsewhere.startTime = start
      elsewhere.namespace = "team"
      try await store.insert([NewEpisode(elsewhere)])
      let times = (0..<3).map { Timestamp(nanosecondsSince1970: 1_800_000_000 + Int64($0)) }
      try await store.supersede("a", by: "b", at: times[0])
      try await store.supersede("b", by: "c", at: times[1])
      try await store.supersede("d", by: "c", at: times[2])
      // Again is no error, and changes nothing.
      try await store.supersede("a", by: "b", at: times[2])
      #expect(try await store.episode(id: "a")?.validUntil == times[0])
      #expect(try await store.episode(id: "b")?.validFrom == times[0])
      #expect(try await store.history(of: "b").map(\.id) == ["a", "b", "c"])
      #expect(Set(try await store.history(of: "c").map(\.id)) == ["a", "b", "c", "d"])
      for (old, new) in [("c", "a"), ("a", "a"), ("a", "c"), ("c", "x")] {
        let error = await #expect(throws: DurableStoreError.self) {
          try await store.supersede(old, by: new, at: times[2])
        }
        #expect(
          error?.description.contains(new) == true || error?.description.contains(old) == true)
        guard case .invalid = error else {
          Issue.record("\(String(describing: error))")
          continue
        }
      }
      await #expect(throws: DurableStoreError.notFound(.episode, id: "none")) {
        try await store.supersede("c", by: "none", at: times[2])
      }
      await #expect(throws: DurableStoreError.notFound(.episode, id: "none")) {
        try await store.history(of: "none")
      }
      func ids(_ filter: EpisodeFilter) async throws -> Set<String> {
        let found = try await store.episodes(matching: filter, limit: 9).episodes
        #expect(found.allSatisfy(filter.matches))
        return Set(found.map(\.id))
      }
      #expect(try await ids(EpisodeFilter(isCurrent: true)) == ["c", "x"])
      // "c" says since when it is valid, by its first predecessor.
      #expect(
        try await ids(EpisodeFilter(asOf: Samples.time, isCurrent: true)) == ["c", "x"])
      let between = Timestamp(nanosecondsSince1970: times[0].nanosecondsSince1970)
      #expect(
        try await ids(EpisodeFilter(asOf: between, isCurrent: true)) == ["b", "d", "x"])
      #expect(
        try await ids(EpisodeFilter(asOf: start)) == ["a", "d", "x"])
      // What did not exist then was not valid then.
      let before = Timestamp(nanosecondsSince1970: start.nanosecondsSince1970 - 1)
      #expect(try await ids(EpisodeFilter(asOf: before)) == [])
    }
  }

  @Test("Unfinished episodes are found, and those only")
  func unfinished() async throws {
    try await withStore { store, _ in
      for id in ["a", "b"] { try await store.insert([NewEpisode(Samples.episode(id, text: id))]) }
      try await store.complete(
        "b",
        with: EpisodeCompletion(
          endTime: Samples.time, outcome: .failure(reason: "r", details: nil)))
      for (isFinished, expected) in [(true, ["b"]), (false, ["a"])] {
        let filter = EpisodeFilter(isFinished: isFinished)
        let found = try await store.episodes(matching: filter, limit: 5).episodes
        #expect(found.map(\.id) == expected)
        #expect(found.allSatisfy(filter.matches))
      }
    }
  }

  @Test("A namespace is moved batch by batch and counted")
  func namespaces() async throws {
    try await withStore { store, _ in
      let count = DurableStore.upkeepBatchMax + 10
      try await store.insert(
        (0..<count).map { NewEpisode(Samples.episode("e\($0)", steps: 0, text: "task \($0)")) })
      #expect(
        try await store.moveEpisodes(fromNamespace: "default", to: "team").count == count - 10)
      #expect(try await store.namespaceSummaries().map(\.episodes) == [10, count - 10])
      #expect(try await store.moveEpisodes(fromNamespace: "default", to: "team").count == 10)
      #expect(try await store.moveEpisodes(fromNamespace: "default", to: "team") == [])
      #expect(try await store.namespaceSummaries().map(\.namespace) == ["team"])
      await #expect(throws: DurableStoreError.self) {
        try await store.moveEpisodes(fromNamespace: "team", to: "two words")
      }
    }
  }

  @Test("The least recently used go first, or the least relevant, unfinished ones last")
  func eviction() async throws {
    try await withStore { store, _ in
      let hour: Int64 = 3_600_000_000_000
      let now = Timestamp(nanosecondsSince1970: 1000 * hour)
      for (id, hours, reward) in [
        ("old-good", Int64(1), 1.0), ("new-bad", 990, 0), ("middle", 500, 0.4), ("open", 0, nil),
      ] as [(String, Int64, Double?)] {
        var episode = Samples.episode(id, steps: 0, text: id)
        episode.startTime = Timestamp(nanosecondsSince1970: hours * hour)
        if let reward {
          episode.endTime = episode.startTime
          episode.outcome = .success(verdict: "v", artifacts: [])
          episode.reward = RewardScore(
            total: reward, base: 1, efficiency: 1, complexityBonus: 1, qualityMultiplier: 1,
            learningBonus: 0)
        }
        try await store.insert([NewEpisode(episode)])
      }
      func order(_ policy: EvictionPolicy) async throws -> [String] {
        try await store.evictionCandidates(policy, namespace: nil, now: now, limit: 9)
      }
      #expect(try await order(.leastRecentlyUsed) == ["old-good", "middle", "new-bad", "open"])
      // 0.3·e^(−10/24) = 0.198; 0.28 + 0.3·e^(−500/24) = 0.280; 0.7.
      #expect(try await order(.relevance) == ["new-bad", "middle", "old-good", "open"])
      #expect(abs(EvictionPolicy.relevance(reward: 0, hours: 10) - 0.19777) < 1e-4)
      #expect(EvictionPolicy.relevance(reward: 3, hours: 0) == 1)
      try await store.recordAccesses(["old-good": now, "none": now])
      #expect(try await store.lastAccess(ofEpisode: "old-good") == now)
      #expect(try await order(.leastRecentlyUsed) == ["middle", "new-bad", "old-good", "open"])
      #expect(
        try await store.evictionCandidates(
          .relevance, namespace: "team", now: now, limit: 9) == [])
    }
  }

  @Test("Limits are kept with the store, and one that leaves nothing is refused")
  func limits() async throws {
    try await withStore { store, folder in
      #expect(try await store.capacity() == CapacityLimits())
      let limits = CapacityLimits(episodesMax: 10, policy: .relevance)
      try await store.setCapacity(limits)
      let other = try await DurableStore.open(path: folder.file("store.db"))
      #expect(try await other.capacity() == limits)
      other.close()
      await #expect(throws: DurableStoreError.self) {
        try await store.setCapacity(CapacityLimits(namespaceEpisodesMax: 0))
      }
    }
  }

  @Test("Fields are changed without touching what was done, unless another write came first")
  func updated() async throws {
    try await withStore { store, _ in
      var episode = Samples.episode("a", text: "old words")
      episode.tags = try tags("old")
      try await store.insert([NewEpisode(episode, embeddings: [Samples.embedding("a")])])
      var changes = EpisodeChanges(
        taskDescription: "fresh words", taskType: .testing,
        context: TaskContext(domain: "ci", tags: try tags("context")), tags: try tags("new"),
        metadata: ["k": "v"], agentID: .set("ann"),
        location: .set(Location(latitude: 1, longitude: 2)),
        validFrom: .set(Samples.time))
      let revision = try await store.revision(ofEpisode: "a")
      var changed = episode
      changes.apply(to: &changed)
      try await store.update(
        changed, changes, expectedRevision: revision,
        embeddings: [Samples.embedding("a", value: 2)])
      #expect(try await store.episode(id: "a") == changed)
      #expect(try await store.embeddings(ofEpisode: "a").map(\.embedding.vector[0]) == [2])
      #expect(
        try await store.episodes(matching: EpisodeFilter(tagsAll: tags("context")), limit: 1)
          .episodes.count == 1)
      #expect(try await store.tagSummaries().map(\.tag) == tags("context", "new"))
      #expect(try await store.checkIntegrity() == [])
      changes = EpisodeChanges(agentID: .clear)
      await #expect(throws: DurableStoreError.changedMeanwhile(.episode, id: "a")) {
        try await store.update(changed, changes, expectedRevision: revision, embeddings: [])
      }
    }
  }
}

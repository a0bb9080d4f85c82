import DurableStore
import Engram
import Episodes
import Sync
import Testing

@Suite("Updates, checkpoints, tags, links, history and limits")
struct UpkeepTests {
  @Test("Steps are logged together, or none of them")
  func bulkSteps() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let id = try await memory.startEpisode(NewTask("Fix the build")).id
      try await memory.logStep(NewStep(tool: "make", action: "run it"), in: id)
      let time = Timestamp(nanosecondsSince1970: 1_770_000_000_000_000_007)
      let logged = try await memory.logSteps(
        [
          NewStep(tool: "grep", action: "look", timestamp: time),
          NewStep(tool: "edit", action: "change"),
        ], in: id)
      #expect(logged.map(\.number) == [2, 3])
      #expect(logged[0].timestamp == time)
      #expect(try await memory.episode(id: id)?.steps.suffix(2) == logged[...])
      await expectError(.invalidInput) {
        _ = try await memory.logSteps(
          [
            NewStep(tool: "a", action: "b"),
            NewStep(tool: "a", action: String(repeating: "x", count: 10_001)),
          ], in: id)
      }
      #expect(try await memory.episode(id: id)?.steps.count == 3)
      let failed = try await memory.failEpisode(id, reason: "gave up", details: "twice")
      #expect(failed.outcome == .failure(reason: "gave up", details: "twice"))
      let error = await engramError {
        _ = try await memory.logSteps([NewStep(tool: "a", action: "b")], in: id)
      }
      #expect(error?.code == .conflict && error?.message.contains(id) == true)
      await expectError(.conflict) { _ = try await memory.checkpoint(id, label: "late") }
      await expectError(.conflict) { _ = try await memory.resumeEpisode(id) }
      await expectError(.notFound) { _ = try await memory.logSteps([], in: "none") }
      let other = try await memory.startEpisode(NewTask("Look at it")).id
      let abstained = try await memory.abstainEpisode(other, reason: "no access", stoppedAtStep: 0)
      #expect(abstained.reward?.total ?? 0 > 0)
    }
  }

  @Test("Changed fields are found by searches and filters; the rest stays, also beside new steps")
  func updates() async throws {
    try await TemporaryHome.withMemory { memory, home in
      let id = try await memory.startEpisode(
        NewTask("Fix the flaky login test", metadata: ["draft": "1", "kept": "2"])
      ).id
      _ = try await memory.startEpisode(NewTask("Water the plants"))
      let other = try await home.open()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<5 {
          group.addTask {
            try await memory.logStep(NewStep(tool: "t", action: "\(number)"), in: id)
          }
          group.addTask {
            try await other.updateEpisode(id, EpisodeChanges(metadata: ["n\(number)": "x"]))
          }
        }
        try await group.waitForAll()
      }
      let updated = try await other.updateEpisode(
        id,
        EpisodeChanges(
          taskDescription: "Repair the invoice printer", taskType: .debugging,
          tags: [Episodes.Tag("hardware")], metadata: ["new": "3"], removedMetadata: ["draft"],
          agentID: .set("ben")))
      #expect(updated.steps.count == 5)
      #expect(updated.metadata.count == 7 && updated.metadata["draft"] == nil)
      for memory in [memory, other] {
        #expect(try await memory.episode(id: id) == updated)
        #expect(
          try await memory.search(SearchRequest("invoice printer")).hits.first?.episode == updated)
        #expect(
          try await memory.episodes(matching: EpisodeFilter(agentID: "ben")).episodes == [updated])
        #expect(try await memory.validateCache().problems == [])
      }
      let error = await engramError {
        _ = try await memory.updateEpisode(id, EpisodeChanges(taskDescription: " "))
      }
      #expect(error?.code == .invalidInput && error?.message.contains("taskDescription") == true)
      await expectError(.notFound) { _ = try await memory.updateEpisode("none", EpisodeChanges()) }
      await other.close()
    }
  }

  @Test("An unfinished episode is found after a crash, and goes on from its checkpoint")
  func resumed() async throws {
    let home = TemporaryHome()
    var memory = try await home.open()
    let id = try await memory.startEpisode(
      NewTask("Migrate the database", context: TaskContext(domain: "data"))
    ).id
    let done = try await memory.startEpisode(NewTask("Done already")).id
    try await memory.completeEpisode(done, outcome: .success(verdict: "yes", artifacts: []))
    try await memory.logStep(
      NewStep(tool: "psql", action: "dump it", result: .success(output: "3 GB")), in: id)
    let point = try await memory.checkpoint(id, label: "dumped", note: "the dump is in /srv")
    try await memory.logStep(
      NewStep(tool: "psql", action: "load it", result: .error(message: "disk full")), in: id)
    await memory.close()

    memory = try await home.open()
    #expect(try await memory.unfinishedEpisodes().episodes.map(\.id) == [id])
    #expect(try await memory.checkpoints(of: id) == [point])
    let resumed = try await memory.resumeEpisode(id, fromCheckpoint: point.id, agentID: "ben")
    #expect(resumed.checkpoint == point && resumed.nextStepNumber == 3)
    #expect(resumed.stepsSinceCheckpoint.map(\.action) == ["load it"])
    #expect(resumed.episode.agentID == "ben")
    let pack = try await memory.handoffPack(for: id)
    #expect(pack == resumed.handoff)
    #expect(pack.goal == "Migrate the database")
    #expect(pack.stepsDone == ["1. psql: dump it", "2. psql: load it"])
    #expect(pack.whatWorked == ["psql: dump it → 3 GB"])
    #expect(pack.whatFailed == ["psql: load it → disk full"])
    #expect(pack.salientFacts == ["dumped: the dump is in /srv"])
    #expect(
      pack.nextSteps == [
        "Find out why this failed, and try again: psql: load it",
        "Go on from 'dumped': the dump is in /srv",
      ])
    #expect(try await memory.resumeEpisode(id).checkpoint == nil)
    await expectError(.notFound) {
      _ = try await memory.resumeEpisode(id, fromCheckpoint: "none")
    }
    await expectError(.invalidInput) { _ = try await memory.checkpoint(id, label: " ") }
    // A label is for people, the id tells checkpoints apart: two of one label are two points.
    let again = try await memory.checkpoint(id, label: "dumped", note: "once more")
    #expect(try await memory.checkpoints(of: id) == [point, again])
    #expect(
      try await memory.resumeEpisode(id, fromCheckpoint: again.id).stepsSinceCheckpoint.isEmpty)
    #expect(
      try await memory.resumeEpisode(id, fromCheckpoint: point.id).stepsSinceCheckpoint.count == 1)
    try await memory.deleteCheckpoint(id: again.id)
    #expect(try await memory.checkpoints(of: id) == [point])
    try await memory.deleteCheckpoint(id: point.id)
    await expectError(.notFound) { try await memory.deleteCheckpoint(id: point.id) }
    #expect(try await memory.episode(id: id)?.checkpoints == [])
    #expect(try await memory.validateCache().problems == [])
    await memory.close()
  }

  @Test("Tags are added, renamed over all episodes and taken away, and caches follow")
  func tags() async throws {
    try await TemporaryHome.withMemory { memory, home in
      let other = try await home.open()
      var ids: [String] = []
      for number in 0..<3 {
        ids.append(
          try await memory.startEpisode(
            NewTask("task \(number)", namespace: number == 2 ? "team" : "default")
          ).id)
        try await memory.addTags([Episodes.Tag("ci"), Episodes.Tag("slow")], to: ids[number])
      }
      let new = try Episodes.Tag("build")
      #expect(try await memory.replaceTags([Episodes.Tag("ci")], by: new, isDryRun: true) == 3)
      #expect(
        try await memory.replaceTags([Episodes.Tag("ci")], by: new, namespace: "default") == 2)
      #expect(try await other.episode(id: ids[0])?.tags.map(\.name) == ["build", "slow"])
      #expect(try await other.tags(namespace: "team").map(\.tag.name) == ["ci", "slow"])
      #expect(
        try await other.replaceTags([Episodes.Tag("ci"), Episodes.Tag("slow")], by: new) == 3)
      #expect(try await memory.tags().map(\.tag.name) == ["build"])
      #expect(
        try await memory.search(
          SearchRequest("task", filter: EpisodeFilter(tagsAll: [new]))
        ).hits.count == 3)
      #expect(try await memory.removeTags([new], from: ids[0]).tags == [])
      #expect(try await memory.replaceTags([new], by: nil) == 2)
      #expect(try await memory.tags() == [])
      await expectError(.notFound) { _ = try await memory.addTags([new], to: "none") }
      for memory in [memory, other] {
        try await memory.sync()
        #expect(try await memory.validateCache().problems == [])
      }
      await other.close()
    }
  }

  @Test("Links are made within a namespace, followed, ordered and drawn")
  func relations() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      for id in ["deploy", "build", "test", "lone"] {
        _ = try await memory.startEpisode(NewTask("Do \"\(id)\"\\", id: id))
      }
      _ = try await memory.startEpisode(NewTask("Elsewhere", namespace: "team", id: "x"))
      let first = try await memory.relate(
        "deploy", to: "test", kind: .dependsOn, reason: "needs a green run", priority: 1)
      _ = try await memory.relate("test", to: "build", kind: .dependsOn)
      _ = try await memory.relate("build", to: "deploy", kind: .relatedTo)
      for (from, to, code) in [
        ("build", "deploy", .invalidInput), ("build", "x", .invalidInput),
        ("build", "none", .notFound), ("deploy", "test", .conflict),
        ("build", "build", .invalidInput),
      ] as [(String, String, EngramError.Code)] {
        let error = await engramError {
          _ = try await memory.relate(from, to: to, kind: .dependsOn)
        }
        #expect(error?.code == code)
        #expect(from == to || error?.message.contains(from) == true, "\(error?.message ?? "")")
        #expect(from == to || error?.message.contains(to) == true, "\(error?.message ?? "")")
      }
      #expect(
        try await memory.topologicalOrder().map(\.id) == ["build", "test", "deploy"])
      #expect(
        try await memory.topologicalOrder(of: ["deploy", "lone", "build"]).map(\.id)
          == ["build", "deploy", "lone"])
      await expectError(.invalidInput) {
        _ = try await memory.topologicalOrder(of: ["build", "x"])
      }
      await expectError(.invalidInput) { _ = try await memory.topologicalOrder(kind: .relatedTo) }
      let graph = try await memory.dependencyGraph(from: "deploy", kinds: [.dependsOn])
      #expect(graph.nodes.map(\.id) == ["deploy", "test", "build"])
      #expect(graph.nodes.map(\.depth) == [0, 1, 2] && !graph.isCutOff)
      #expect(graph.dot.contains(#""deploy" [label="Do \"deploy\"\\\nunfinished"];"#))
      #expect(graph.dot.contains(#""deploy" -> "test" [label="dependsOn\nneeds a green run"];"#))
      let near = try await memory.dependencyGraph(from: "deploy", direction: .both, depthMax: 1)
      #expect(Set(near.nodes.map(\.id)) == ["deploy", "test", "build"] && near.edges.count == 3)
      #expect(try await memory.dependencyGraph(from: "deploy", depthMax: 0).isCutOff)
      let changed = try await memory.updateRelationship(
        id: first.id, reason: .clear, priority: .set(5))
      #expect(changed.reason == nil && changed.priority == 5)
      #expect(try await memory.relationships(of: "deploy", direction: .outgoing) == [changed])
      #expect(try await memory.relationships(inNamespace: "default").count == 3)
      #expect(try await memory.relationships(inNamespace: "team") == [])
      try await memory.unrelate(id: first.id)
      await expectError(.notFound) { try await memory.unrelate(id: first.id) }
      #expect(try await memory.validateCache().problems == [])
    }
  }

  @Test("What was superseded is kept, and searches leave it out where that is asked")
  func history() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let old = try await memory.startEpisode(NewTask("The release password is rotated monthly")).id
      let new = try await memory.startEpisode(NewTask("The release password is rotated weekly")).id
      let before = memory.configuration.now()
      let superseded = try await memory.supersede(old, by: new)
      #expect(superseded.supersededBy == new && superseded.validUntil != nil)
      #expect(try await memory.history(of: new).map(\.id) == [old, new])
      func found(_ filter: EpisodeFilter) async throws -> Set<String> {
        Set(
          try await memory.search(SearchRequest("release password", filter: filter)).hits
            .map(\.episode.id))
      }
      #expect(try await found(EpisodeFilter()) == [old, new])
      #expect(try await found(EpisodeFilter(isCurrent: true)) == [new])
      #expect(try await found(EpisodeFilter(asOf: before, isCurrent: true)) == [old])
      #expect(try await found(EpisodeFilter(asOf: memory.configuration.now())) == [new])
      await expectError(.invalidInput) { _ = try await memory.supersede(new, by: old) }
      await expectError(.notFound) { _ = try await memory.history(of: "none") }
    }
  }

  @Test("Writes keep within the limits, and the episode that was just written stays")
  func capacity() async throws {
    let home = TemporaryHome()
    var configuration = home.configuration()
    var memory = try await Memory.open(configuration)
    try await memory.setCapacity(CapacityLimits(episodesMax: 5, namespaceEpisodesMax: 4))
    var ids: [String] = []
    for number in 0..<3 {
      ids.append(try await memory.startEpisode(NewTask("task \(number)")).id)
      try await memory.completeEpisode(ids[number], outcome: .success(verdict: "v", artifacts: []))
    }
    // Used last, so that the others go first.
    _ = try await memory.episode(id: ids[0])
    for number in 3..<6 { ids.append(try await memory.startEpisode(NewTask("task \(number)")).id) }
    #expect(
      Set(try await memory.episodes().episodes.map(\.id)) == [ids[0], ids[3], ids[4], ids[5]])
    #expect(memory.evictions.ids == [ids[1], ids[2]])
    for number in 0..<2 {
      _ = try await memory.startEpisode(NewTask("other \(number)", namespace: "team"))
    }
    let report = try await memory.capacity()
    #expect(report.episodes == 5 && report.namespaces == ["default": 3, "team": 2])
    #expect(report.evictedSinceOpening == 3)
    // Evicted is not forgotten.
    #expect(try await memory.importEpisodes([]).forgotten == 0)
    #expect(try await memory.validateCache().problems == [])
    await memory.close()

    configuration.capacity = CapacityLimits(episodesMax: 2, policy: .relevance)
    memory = try await Memory.open(configuration)
    let planned = try await memory.enforceCapacity(isDryRun: true)
    #expect(planned.evicted == 3 && planned.isDryRun)
    #expect(try await memory.statistics().episodes == 5)
    let done = try await memory.enforceCapacity()
    #expect(done.ids == planned.ids)
    #expect(try await memory.statistics().episodes == 2)
    #expect(try await memory.validateCache().problems == [])
    await memory.close()
    configuration.capacity = CapacityLimits(episodesMax: 0)
    await expectError(.invalidInput) { _ = try await Memory.open(configuration) }
  }

  @Test("An import into a full memory evicts what was there, not what it has just stored")
  func importUnderLimit() async throws {
    let home = TemporaryHome()
    var configuration = home.configuration()
    configuration.capacity = CapacityLimits(episodesMax: 3)
    let memory = try await Memory.open(configuration)
    for number in 0..<3 { _ = try await memory.startEpisode(NewTask("task \(number)")) }
    for episode in try await memory.episodes().episodes {
      try await memory.completeEpisode(episode.id, outcome: .success(verdict: "v", artifacts: []))
    }
    // Long before all others.
    let old = (0..<2).map { number in
      Episode(
        id: "old\(number)", taskDescription: "history \(number)",
        startTime: Timestamp(nanosecondsSince1970: Int64(number)),
        endTime: Timestamp(nanosecondsSince1970: Int64(number) + 1),
        outcome: .success(verdict: "v", artifacts: []))
    }
    let summary = try await memory.importEpisodes(old)
    #expect(summary.added == 2 && summary.evicted == 2)
    #expect(
      memory.evictions.evicted == 2 && Set(memory.evictions.ids).isDisjoint(with: ["old0", "old1"]))
    #expect(try await memory.episode(id: "old0") == old[0])
    #expect(try await memory.episode(id: "old1")?.id == "old1")
    var record = old[0]
    record.id = "older"
    record.taskDescription = "before history"
    let records = try await memory.importRecords([.episode(record, embeddings: [])])
    #expect(records.episodes == 1 && records.evicted == 1)
    #expect(try await memory.episode(id: "older") != nil)
    await memory.close()
  }

  @Test("Near duplicates of one namespace are listed, the same content is one row")
  func duplicates() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      func episode(
        _ id: String, _ text: String, second: Int64, namespace: String = "default"
      ) -> Episode {
        Episode(
          id: id, namespace: namespace, taskDescription: text,
          startTime: Timestamp(nanosecondsSince1970: second * 1_000_000_000))
      }
      let text = "raise the timeout of the flaky login test in the nightly build"
      let summary = try await memory.importEpisodes([
        episode("a", text, second: 1), episode("b", text, second: 2),
        episode("twin", text, second: 1), episode("c", "water the plants", second: 3),
        episode("x", text, second: 4, namespace: "team"),
        episode("d", text + " again", second: 5),
      ])
      #expect(summary.added == 5 && summary.sameContent == 1)
      let found = try await memory.nearDuplicates(threshold: 0.9)
      #expect(found.compared == 5 && !found.isCutOff)
      #expect(
        Set(found.pairs.map { "\($0.first) \($0.second)" }) == ["a b", "a d", "b d"])
      #expect(found.pairs.first.map { $0.similarity > 0.9999 } == true)
      #expect(
        try await memory.nearDuplicates(threshold: 0.9999).pairs.map(\.second) == ["b"])
      #expect(
        try await memory.nearDuplicates(
          threshold: 0.9, filter: EpisodeFilter(namespace: "team")
        ).pairs == [])
      #expect(try await memory.nearDuplicates(threshold: 0.9, limit: 1).isCutOff)
      // The one that was stored first stays so when it gets another vector.
      _ = try await memory.updateEpisode(
        "a", EpisodeChanges(tags: [Episodes.Tag("more"), Episodes.Tag("less")]))
      let again = try await memory.nearDuplicates(threshold: 0.6).pairs
      #expect(!again.isEmpty && again.allSatisfy { $0.first < $0.second })
      await expectError(.invalidInput) { _ = try await memory.nearDuplicates(threshold: 0) }
    }
  }
}

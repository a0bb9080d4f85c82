import Engram
import Episodes
import Sync
import Testing

@testable import DurableStore

@Suite("Learning goes on where one record is damaged")
struct DamagedLearningTests {
  /// Writes to the file of a home as another program would.
  private func write(_ sql: String, in home: TemporaryHome) async throws {
    let store = try await DurableStore.open(path: home.file("engram.db"))
    _ = try await store.write(sql)
    store.close()
  }

  @Test("Numbers whose sums cannot be stored are refused when they come in")
  func refused() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var episode = LearningEpisodes.episode("e1")
      episode.steps[0].latency = 1e308
      await expectError(.invalidInput) { _ = try await memory.importEpisodes([episode]) }
      let pattern = Pattern(
        id: "p", kind: .contextPattern(features: [], recommendedApproach: "a"),
        context: TaskContext(), successRate: 1, occurrenceCount: -1, evidence: [],
        createdAt: episode.startTime, updatedAt: episode.startTime)
      await expectError(.invalidInput) {
        _ = try await memory.importRecords([.pattern(pattern, embeddings: [])])
      }
      let stored = try await memory.episodes().episodes
      #expect(stored.isEmpty)
    }
  }

  @Test("A damaged pattern stops neither learning, sync, export, deleting nor forgetting")
  func pattern() async throws {
    try await TemporaryHome.withMemory { memory, home in
      _ = try await memory.importEpisodes([
        LearningEpisodes.episode("e1"), LearningEpisodes.episode("e2"),
      ])
      try await memory.learnPending()
      let before = try await memory.patterns().count
      try await write(
        """
        UPDATE patterns SET definition = '{"averageLatencySeconds":null,"tools":["grep","edit"]}'
        WHERE kind = 'toolSequence'
        """, in: home)
      let sound = try await memory.patterns().count
      #expect(sound > 0 && sound < before)
      // Not merged with what cannot be read.
      _ = try await memory.importEpisodes([LearningEpisodes.episode("e3")])
      let report = try await memory.learnPending()
      #expect(report.episodes == 1 && report.problems == [])
      #expect(try await memory.pendingEpisodeCount() == 0)
      #expect(try await memory.recommend(PatternRequest("use grep")).patterns.count >= sound)
      try await memory.sync()
      let exported = Locked<[String]>([])
      try await memory.exportRecords { record in
        if case .pattern(let pattern, _) = record { exported.append(pattern.id) }
      }
      #expect(exported.value == (try await memory.patterns().map(\.id)))
      try await memory.deleteEpisode("e1")
      #expect(try await memory.forget(ids: ["e2"]).removed.episodes == 1)
      // Nothing counts for the damaged one now.
      #expect(try await memory.checkStore() == [])
      #expect(try await memory.validateCache().problems == [])
    }
  }

  @Test("An episode whose lesson cannot be stored is left aside, and the others are learned from")
  func commit() async throws {
    try await TemporaryHome.withMemory { memory, home in
      _ = try await memory.importEpisodes((1...9).map { LearningEpisodes.episode("e\($0)") })
      try await write(
        """
        CREATE TRIGGER refused BEFORE UPDATE OF pattern_ids ON episodes WHEN OLD.id = 'e4' BEGIN
          SELECT raise(ABORT, 'refused by a test');
        END
        """, in: home)
      let report = try await memory.learnPending()
      #expect(report.episodes == 8)
      #expect(report.problems.count == 1)
      #expect(report.problems.first?.contains("'e4'") == true, "\(report.problems)")
      let pattern = try #require(try await memory.patterns(kind: .toolSequence).first)
      #expect(pattern.occurrenceCount == 8 && !pattern.evidence.contains("e4"))
      #expect(try await memory.pendingEpisodeCount() == 0)
      #expect(try await memory.learnPending().problems == [])
    }
  }
}

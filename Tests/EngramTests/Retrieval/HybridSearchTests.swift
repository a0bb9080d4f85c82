import DurableStore
import Episodes
import Foundation
import Sync
import Testing

@testable import Engram

@Suite("Hybrid searches")
struct HybridSearchTests {
  private func episode(
    _ id: String, _ text: String, session: String? = nil, at second: Int = 0,
    namespace: String = "default", reward: Double? = nil, context: TaskContext = TaskContext()
  ) -> Episode {
    var episode = Episode(
      id: id, namespace: namespace, sessionID: session, taskDescription: text, context: context,
      startTime: Timestamp(secondsSince1970: 1_790_000_000 + Double(second)))
    if let reward {
      episode.endTime = episode.startTime
      episode.outcome = .success(verdict: "", artifacts: [])
      episode.reward = RewardScore(
        total: reward, base: 1, efficiency: 1, complexityBonus: 1, qualityMultiplier: 1,
        learningBonus: 0)
    }
    return episode
  }

  private func ids(_ memory: Memory, _ request: SearchRequest) async throws -> [String] {
    try await memory.search(request).hits.map(\.episode.id)
  }

  @Test("Words are compared by their stems, in every part of an episode; rare ones count more")
  func words() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var step = episode("steps", "routine work")
      step.steps = [
        ExecutionStep(
          number: 1, timestamp: step.startTime, tool: "kubectl", action: "look at the pods",
          result: .error(message: "CrashLoopBackOff of the broker"))
      ]
      var labelled = episode("labelled", "routine work again")
      labelled.metadata = ["ticket": "BIL-311"]
      labelled.tags = [try Tag("chaos")]
      _ = try await memory.importEpisodes([
        step, labelled, episode("plain", "routine work, once more"),
        episode("accent", "réparations of the café"),
      ])
      for (question, expected) in [
        ("crashloopbackoff", "steps"), ("KUBECTL", "steps"), ("BIL-311", "labelled"),
        ("chaos", "labelled"), ("repairing cafes, reparation", "accent"),
      ] {
        #expect(
          try await ids(memory, SearchRequest(question, limit: 1, mode: .text)) == [expected])
      }
      #expect(try await ids(memory, SearchRequest("zeppelin", mode: .text)).isEmpty)
      #expect(try await ids(memory, SearchRequest("who was it", mode: .text)).isEmpty)
      #expect(try await ids(memory, SearchRequest("zeppelin")).count == 4)
    }
  }

  @Test(
    "Any text is a question",
    arguments: [
      "\"", "'", "*", "a AND", "NEAR(", "(((", "-x", "^", "col:val", "{}", "\u{0}x", "日本語", "🙂",
      "' OR 1=1 --", String(repeating: "word ", count: 5000),
    ])
  func anyText(question: String) async throws {
    try await TemporaryHome.withMemory { memory, _ in
      _ = try await memory.importEpisodes([episode("a", "a word")])
      for mode in RetrievalMode.allCases {
        let hits = try await ids(memory, SearchRequest(question, mode: mode))
        #expect(mode == .text || hits == ["a"])
      }
    }
  }

  @Test("The parts of a score add up to it, and say what they should")
  func scoreParts() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let web = TaskContext(domain: "web", language: "swift", tags: [try Tag("auth")])
      _ = try await memory.importEpisodes([
        episode("before", "the parser was asked about", session: "s", at: 0),
        episode("hit", "zebra crossing painted", session: "s", at: 1, reward: 1, context: web),
        episode("after", "yes on monday", session: "s", at: 2),
        episode("alone", "yes on tuesday", at: 3),
      ])
      var request = SearchRequest("zebra crossing", context: web)
      request.weights = RetrievalWeights()
      let hits = try await memory.search(request).hits
      for hit in hits { #expect(abs(hit.score - (try #require(hit.parts)).total) < 1e-12) }
      let parts = Dictionary(uniqueKeysWithValues: hits.map { ($0.episode.id, $0.parts!) })
      #expect(hits[0].episode.id == "hit")
      #expect(parts["hit"]!.text > 0.2)
      #expect(parts["alone"]!.text == 0)
      #expect(parts["before"]!.text == 0 && parts["before"]!.neighbors > 0)
      #expect(parts["before"]!.neighbors == parts["after"]!.neighbors)
      #expect(
        abs(parts["before"]!.neighbors - 0.15 * parts["hit"]!.text) < 1e-6,
        "a neighbour passes on a share of its text part")
      #expect(parts["alone"]!.neighbors == 0)
      #expect(parts["before"]!.session == parts["hit"]!.session)
      #expect(parts["alone"]!.session < parts["before"]!.session)
      #expect(abs(parts["hit"]!.reward - 0.005) < 1e-9)
      #expect(abs(parts["hit"]!.context - 0.1) < 1e-9)
      #expect(parts["alone"]!.context == 0)
    }
  }

  @Test("An update, a delete and a write of another memory change what words find at once")
  func changes() async throws {
    try await TemporaryHome.withMemory { memory, home in
      let id = try await memory.startEpisode(NewTask("water the ficus")).id
      #expect(try await ids(memory, SearchRequest("ficus", mode: .text)) == [id])
      #expect(try await ids(memory, SearchRequest("watering can", mode: .text)) == [id])
      try await memory.logStep(
        NewStep(tool: "can", action: "fill it", result: .success(output: "overflow")), in: id)
      #expect(try await ids(memory, SearchRequest("overflow", mode: .text)) == [id])
      let other = try await home.open()
      let second = try await other.startEpisode(NewTask("repot the ficus and the cactus")).id
      #expect(try await ids(memory, SearchRequest("cactus", mode: .text)) == [second])
      try await other.deleteEpisode(id)
      #expect(try await ids(memory, SearchRequest("ficus", mode: .text)) == [second])
      await other.close()
    }
  }

  @Test("The index of words is kept between openings; a damaged file is made anew")
  func keptIndex() async throws {
    let home = TemporaryHome()
    var memory = try await home.open()
    var random = RandomEpisodes(seed: 5)
    _ = try await memory.importEpisodes(random.episodes(600))
    let questions = (0..<8).map { _ in SearchRequest(random.text(words: 3)) }
    func answers() async throws -> [[EpisodeHit]] {
      var answers: [[EpisodeHit]] = []
      for question in questions { answers.append(try await memory.search(question).hits) }
      return answers
    }
    let before = try await answers()
    let path = memory.configuration.home.wordIndexPath
    await memory.close()
    let bytes = try #require(FileManager.default.contents(atPath: path))
    var generator = random.generator
    for round in 0..<12 {
      var damaged = [UInt8](bytes)
      switch round {
      case 0: break
      case 1: damaged = []
      case 2: damaged.removeLast(bytes.count / 2)
      default:
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        damaged[place] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
      }
      try Data(damaged).write(to: URL(filePath: path))
      memory = try await home.open()
      #expect(try await answers() == before)
      await memory.close()
    }
  }

  @Test("A long episode is embedded in parts; of a text that got shorter none are left")
  func parts() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let routine = String(repeating: "routine work of the week ", count: 100)
      let zebras = String(repeating: "zebra crossing painted ", count: 100)
      let id = try await memory.startEpisode(NewTask(routine + zebras)).id
      _ = try await memory.startEpisode(NewTask("a zebra was seen in the garden"))
      #expect(try await memory.store.embeddings(ofEpisode: id).count > 3)
      let request = SearchRequest("zebra crossing painted", limit: 2, mode: .vector)
      let before = try #require(
        try await memory.search(request).hits.first { $0.episode.id == id })
      var changes = EpisodeChanges()
      changes.taskDescription = "routine work"
      _ = try await memory.updateEpisode(id, changes)
      #expect(try await memory.store.embeddings(ofEpisode: id).count == 1)
      let after = try #require(
        try await memory.search(request).hits.first { $0.episode.id == id })
      #expect(after.similarity < before.similarity - 0.3)
      #expect(try await memory.validateCache().problems == [])
    }
  }

  @Test("Diverse hits are unlike one another")
  func diversity() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      _ = try await memory.importEpisodes([
        episode("a1", "printer jam cleared tray", at: 1),
        episode("a2", "printer jam cleared tray", at: 2),
        episode("a3", "printer jam cleared tray", at: 3),
        episode("b", "printer toner replaced office", at: 4),
      ])
      let question = "printer jam cleared tray"
      for mode in RetrievalMode.allCases {
        var request = SearchRequest(question, limit: 2, mode: mode)
        #expect(try await !ids(memory, request).contains("b"))
        request.diversity = 0.3
        let diverse = try await ids(memory, request)
        #expect(diverse.count == 2 && diverse.contains("b"))
      }
    }
  }

  @Test("Weights and diversity that cannot be are refused by name")
  func badRequests() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      _ = try await memory.importEpisodes([episode("a", "a word")])
      for (field, change) in [
        ("diversity", { $0.diversity = 1.5 }),
        (
          "retrieval.text",
          {
            $0.weights = RetrievalWeights()
            $0.weights!.text = -1
          }
        ),
        (
          "retrieval.session",
          {
            $0.weights = RetrievalWeights()
            $0.weights!.session = .nan
          }
        ),
      ] as [(String, (inout SearchRequest) -> Void)] {
        var request = SearchRequest("word")
        change(&request)
        do {
          _ = try await memory.search(request)
          Issue.record("\(field) was taken")
        } catch let error as EngramError {
          #expect(error.code == .invalidInput && error.message.contains(field))
        }
      }
    }
  }
}

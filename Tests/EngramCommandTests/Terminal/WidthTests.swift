import Engram
import Episodes
import Testing

@testable import EngramCommand

@Suite("What is printed on a terminal of so many columns")
struct WidthTests {
  private let id = "01a1fd9a-d70a-7db6-978c-ebd33841f50a"

  private func widest(_ text: String) -> Int {
    text.split(separator: "\n").map { TerminalText.columns(String($0)) }.max() ?? 0
  }

  private var episode: Episode {
    get throws {
      var episode = Episode(
        id: id, taskDescription: String(repeating: "住所検索 of the form ", count: 12),
        context: TaskContext(domain: "web", language: "typescript", framework: "react"),
        startTime: try #require(Timestamp("2026-03-02T09:14:05.123456789Z")),
        tags: try ["forms", "keyboard", "accessibility", "regression", "checkout"].map {
          try Tag($0)
        })
      episode.supersededBy = id
      episode.steps = [
        ExecutionStep(
          number: 1, timestamp: episode.startTime, tool: "edit",
          action: String(repeating: "change the box ", count: 20), result: nil)
      ]
      episode.reward = RewardScore(
        total: 1.5, base: 1, efficiency: 1.2, complexityBonus: 1.1, qualityMultiplier: 0.9,
        learningBonus: 0.3)
      episode.agentID = "ann"
      episode.reflection = Reflection(
        successes: ["it held"], improvements: [], insights: ["measure first"],
        generatedAt: episode.startTime)
      return episode
    }
  }

  @Test("Hits, listings and episodes fit, and ids are whole", arguments: [60, 80, 120])
  func episodes(columns: Int) throws {
    let episode = try episode
    let hit = EpisodeHit(
      score: 1.234, similarity: -0.05, parts: ScoreParts(), isWeak: true, episode: episode)
    for text in [
      EpisodeText.hit(hit, rank: 10, isExplained: true, columns: columns),
      EpisodeText.row(episode, columns: columns), EpisodeText.full(episode, columns: columns),
    ] {
      #expect(widest(text) <= columns, "\(text)")
      #expect(text.contains(id))
    }
    #expect(EpisodeText.hit(hit, rank: 1, columns: columns).contains("weak"))
    #expect(EpisodeText.hit(hit, rank: 1).contains("1.234  -0.05  "))
  }

  @Test("An episode is shown with all that is known of it")
  func everything() throws {
    let text = EpisodeText.full(try episode)
    for part in [
      "namespace  default", "agent      ann", "went well  it held", "insight    measure first",
      "superseded by", "base 1.000 · efficiency 1.200", "learning 0.300", "no result", "react",
    ] {
      #expect(text.contains(part), "\(part): \(text)")
    }
  }

  @Test("Tables shorten words first, then give each cell a line; ids are whole")
  func tables() {
    var table = TextTable(["", "episode", "superseded by", "task"])
    table.append(["*", id, id, "Fix the flaky login test of the shop"])
    #expect(widest(table.fitted(to: 100)) <= 100)
    #expect(table.fitted(to: 100).contains("Fix the flaky"))
    let narrow = table.fitted(to: 60)
    #expect(widest(narrow) <= 60, "\(narrow)")
    #expect(narrow.contains("superseded by  \(id)"))
    #expect(narrow.contains("Fix the flaky login test of the shop"))
  }

  @Test("A hand-off is broken between words")
  func handoffs() throws {
    let pack = HandoffPack(
      goal: String(repeating: "move the invoices ", count: 10), stepsDone: [],
      whatWorked: [String(repeating: "look at the dump ", count: 10)], whatFailed: [],
      salientFacts: [], nextSteps: [], patterns: [], heuristics: [])
    #expect(widest(UpkeepText.handoff(pack, columns: 80)) <= 80)
  }
}

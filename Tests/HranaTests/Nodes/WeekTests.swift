import DurableStore
import Episodes
import Foundation
import Sync
import TestSupport
import Testing

@testable import Engram

@Suite("A week of many nodes", .serialized)
struct WeekTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let isSlow = environment["ENGRAM_SLOW_TESTS"] != nil

  private static let seeds: [UInt64] = {
    if let seed = environment["ENGRAM_RELIABILITY_SEED"].flatMap({ UInt64($0) }) { return [seed] }
    return (0..<(isSlow ? 5 : 1)).map { _ in UInt64.random(in: 0...UInt64(UInt32.max)) }
  }()

  @Test(
    "After a week in which nodes die, ways are cut and the primary restarts, all nodes hold the same rows",
    arguments: seeds)
  func convergence(seed: UInt64) async throws {
    print("a week of many nodes: ENGRAM_RELIABILITY_SEED=\(seed)")
    let week = try await Week(seed: seed)
    let result: Result<Void, any Error>
    do {
      try await week.run(operationsAnHour: Self.isSlow ? 8 : 3)
      result = .success(try await judge(week))
    } catch {
      result = .failure(error)
    }
    print(
      "seed \(seed): "
        + week.counts.sorted { $0.key < $1.key }.map { "\($0) \($1)" }.joined(separator: ", "))
    #expect(week.problems.prefix(5) == [], "seed \(seed), \(week.problems.count) problems")
    await week.close()
    try result.get()
  }

  private func judge(_ week: Week) async throws {
    for node in week.nodes { try await node.up().sync() }
    let (stored, damage) = try await week.primary.withStore { store in
      (try await NodeContents(of: store), try await store.checkIntegrity())
    }
    #expect(damage == [])
    // Every acknowledged write is there, and no other.
    let faults = week.known.values.compactMap { $0.problem(with: stored.episodes[$0.id]) }
    #expect(faults.sorted().prefix(5) == [])
    let strangers = stored.episodes.keys.filter { week.known[$0] == nil }
    #expect(strangers == [])
    for node in week.nodes {
      #expect(try node.contents().differences(from: stored).prefix(3) == [], "\(node.name)")
      let validation = try await node.up().validateCache()
      #expect(validation.problems == [], "\(node.name)")
    }
    try await compareSearches(week)
    #expect(!stored.patterns.isEmpty && !stored.segments.isEmpty)
    for event in ["deaths", "cuts", "restarts", "refills", "failed", "builds", "evicted"] {
      #expect(week.counts[event, default: 0] > 0, "no \(event): the week was too quiet")
    }
  }

  /// The same questions have the same answers on every node.
  private func compareSearches(_ week: Week) async throws {
    let questions = [
      "fix the printer", "refund an invoice", "deploy the parser of order 12", "slow login",
      "edit what w40 needs", "too hard", "test the queue",
    ]
    for question in questions {
      for mode in [RetrievalMode.hybrid, .vector, .text] {
        for namespace in [nil, "team"] {
          var request = SearchRequest(
            question, limit: 10, filter: EpisodeFilter(namespace: namespace), mode: mode)
          request.isNoted = false
          var answers: [[String]] = []
          for node in week.nodes {
            let hits = try await node.up().search(request).hits
            answers.append(hits.map { "\($0.episode.id) \(Float($0.score))" })
          }
          for answer in answers.dropFirst() {
            #expect(answer == answers[0], "\(question), \(mode), \(namespace ?? "all")")
          }
        }
      }
      let patterns = PatternRequest(question, namespace: "team")
      var found: [[String]] = []
      for node in week.nodes {
        found.append(try await node.up().searchPatterns(patterns).map(\.pattern.id))
      }
      #expect(found.allSatisfy { $0 == found[0] }, "patterns for \(question)")
    }
    // Links live in the store; every node reads them there.
    var links: [Set<String>] = []
    for node in week.nodes {
      links.append(Set(try await node.up().relationships(inNamespace: "team").map(\.id)))
    }
    #expect(links.allSatisfy { $0 == links[0] })
  }
}

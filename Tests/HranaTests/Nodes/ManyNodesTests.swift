import DurableStore
import Episodes
import Foundation
import Sync
import Testing

@testable import Engram

@Suite("Many nodes of one primary")
struct ManyNodesTests {
  private static let things = ["printer", "invoice", "parser", "index", "login", "cable"]

  private func withNodes(_ body: (Primary, [Node]) async throws -> Void) async throws {
    let primary = try await Primary.start()
    let nodes = ["first", "second", "third"].map { Node($0, of: primary) { Timestamp.now } }
    let result: Result<Void, any Error>
    do {
      for node in nodes { try await node.up() }
      result = .success(try await body(primary, nodes))
    } catch {
      result = .failure(error)
    }
    for node in nodes { await node.close() }
    await primary.stop()
    try result.get()
  }

  /// Has each node write some episodes, in turns.
  private func write(_ range: Range<Int>, on nodes: [Node]) async throws {
    for number in range {
      let memory = try await nodes[number % nodes.count].up()
      let thing = Self.things[number % Self.things.count]
      let id = try await memory.startEpisode(
        NewTask("Fix the \(thing) number \(number)", id: "e\(number)")
      ).id
      try await memory.logStep(
        NewStep(tool: "edit", action: "mend the \(thing)", result: .success(output: "done")),
        in: id)
      try await memory.completeEpisode(id, outcome: .success(verdict: "mended", artifacts: []))
    }
  }

  private func hits(_ node: Node, _ text: String) async throws -> [String] {
    var request = SearchRequest(text, limit: 5)
    request.isNoted = false
    return try await node.up().search(request).hits.map(\.episode.id)
  }

  private func expectSame(_ nodes: [Node], _ primary: Primary) async throws {
    let stored = try await primary.withStore { try await NodeContents(of: $0) }
    for node in nodes {
      try await node.up().sync()
      #expect(try node.contents().differences(from: stored).prefix(3) == [], "\(node.name)")
      #expect(try await node.up().validateCache().isSound, "\(node.name)")
    }
  }

  @Test("What any node writes all nodes hold, row by row, and answer alike")
  func writes() async throws {
    try await withNodes { primary, nodes in
      try await write(0..<30, on: nodes)
      // The same episode by three of them.
      try await nodes[0].up().addTags([try Tag("urgent")], to: "e3")
      try await nodes[1].up().addTags([try Tag("paper")], to: "e3")
      try await nodes[2].up().deleteEpisode("e4")
      _ = try await nodes[1].up().learnPending()
      try await expectSame(nodes, primary)
      let first = try await hits(nodes[0], "printer number")
      #expect(first.count == 5)
      for node in nodes.dropFirst() { #expect(try await hits(node, "printer number") == first) }
      let tagged = try #require(try nodes[0].contents().episodes["e3"])
      #expect(Set(tagged.tags.map(\.name)) == ["paper", "urgent"])
      #expect(try await hits(nodes[0], "e4 login number 4").contains("e4") == false)
    }
  }

  @Test("The index that one node builds reaches all others, also one that comes later")
  func publishedIndex() async throws {
    try await withNodes { primary, nodes in
      try await write(0..<60, on: nodes)
      let report = try await nodes[1].up().buildIndex()
      #expect(report.count >= 60)
      let later = Node("fourth", of: primary) { Timestamp.now }
      let all = nodes + [later]
      try await expectSame(all, primary)
      let answer = try await hits(nodes[1], "cable number 11")
      for node in all {
        let status = try await node.up().indexStatus()
        #expect(status.segments.map(\.id) == report.segmentIDs, "\(node.name)")
        #expect(status.tailCount == 0, "\(node.name)")
        #expect(try await hits(node, "cable number 11") == answer, "\(node.name)")
        let verification = try await node.up().verifyIndex(queryCount: 20)
        #expect(verification.isSound && (verification.recallAt10 ?? 0) >= 0.99, "\(node.name)")
      }
      #expect(try await later.up().openingSync.segmentsCarried == report.segmentIDs.count)

      // Another build by another node takes the place of the first everywhere.
      try await write(60..<70, on: nodes)
      let second = try await later.up().buildIndex()
      #expect(second.replacedSegments == report.segmentIDs)
      try await expectSame(all, primary)
      for node in all {
        #expect(try await node.up().indexStatus().segments.map(\.id) == second.segmentIDs)
      }
      await later.close()
    }
  }

  @Test("A chunk of the index that is damaged on the primary is refused by every node")
  func damagedChunk() async throws {
    try await withNodes { primary, nodes in
      try await write(0..<20, on: nodes)
      _ = try await nodes[0].up().buildIndex()
      let before = try await hits(nodes[1], "parser number")
      try primary.damageChunks()
      let late = Node("late", of: primary) { Timestamp.now }
      let memory = try await late.up()
      let error = await #expect(throws: EngramError.self) { try await memory.sync() }
      #expect(error?.code == .indexDamaged)
      #expect(try late.contents().segments.isEmpty)
      // All the same it finds everything: records come before segments.
      #expect(try await Set(hits(late, "parser number")) == Set(before))
      // A build mends it for all.
      _ = try await nodes[0].up().buildIndex()
      try await expectSame(nodes + [late], primary)
      await late.close()
    }
  }

  @Test("A node that is cut off serves searches and reads, and catches up when the way is back")
  func cutOff() async throws {
    try await withNodes { primary, nodes in
      try await write(0..<12, on: nodes)
      try await expectSame(nodes, primary)
      let alone = nodes[2]
      let answer = try await hits(alone, "invoice number")
      alone.link.cut()
      let memory = try await alone.up()
      #expect(try await Set(hits(alone, "invoice number")) == Set(answer))
      #expect(memory.syncHealth.isStoreAway)
      #expect(try await memory.episode(id: "e7")?.taskDescription == "Fix the invoice number 7")
      let error = await #expect(throws: EngramError.self) {
        _ = try await memory.startEpisode(NewTask("Another", id: "never"))
      }
      #expect(error?.code == .storeAway)
      let others = Array(nodes.prefix(2))
      try await write(12..<40, on: others)
      try await nodes[0].up().deleteEpisode("e7")
      _ = try await nodes[0].up().buildIndex()
      #expect(try alone.contents().episodes["e7"] != nil)

      // Comes up without its primary, too.
      await alone.close()
      let again = try await alone.up()
      #expect(try await again.search(SearchRequest("invoice number", limit: 5)).isStoreAway)
      alone.link.mend()
      try await expectSame(nodes, primary)
      #expect(!again.syncHealth.isStoreAway)
      #expect(try alone.contents().episodes["e7"] == nil)
      #expect(try alone.contents().episodes["never"] == nil)
      #expect(try await hits(alone, "invoice number") == hits(nodes[0], "invoice number"))
    }
  }
}

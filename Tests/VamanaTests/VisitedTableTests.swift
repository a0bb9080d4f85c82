import Testing

@testable import Vamana

@Suite("The table of visited nodes")
struct VisitedTableTests {
  @Test("While it is sparse it is an exact set")
  func exactWhileSparse() {
    withTable(entryCount: 1 << 14) { table in
      var seen: Set<UInt32> = []
      var generator = SeededGenerator(seed: 81)
      for _ in 0..<1_500 {
        let node = UInt32.random(in: 0..<1_000_000, using: &generator)
        #expect(table(1).contains(node) == seen.contains(node))
        #expect(table(1).insert(node) == seen.insert(node).inserted)
        #expect(table(1).contains(node))
      }
    }
  }

  @Test("A new number empties it, whatever searches before left")
  func epochs() {
    withTable(entryCount: 256) { table in
      for epoch in [UInt32(1), 2, 3, .max - 1, .max] {
        for node in UInt32(0)..<100 {
          #expect(!table(epoch).contains(node))
          #expect(table(epoch).insert(node))
        }
        #expect((UInt32(0)..<100).filter { table(epoch).contains($0) }.count > 90)
      }
    }
  }

  @Test("Overfull it forgets nodes, and never claims to have seen one that it has not")
  func overfull() {
    withTable(entryCount: 64) { table in
      for node in UInt32(0)..<1_000 {
        #expect(table(5).insert(node * 2))
        #expect(table(5).contains(node * 2))
        #expect(!table(5).contains(node * 2 + 1))
      }
    }
  }

  @Test("The largest numbers of nodes have places")
  func largestNodes() {
    withTable(entryCount: 64) { table in
      for node in [UInt32(0), UInt32(nodeCountMax), .max - 1, .max] {
        #expect(table(1).insert(node))
        #expect(!table(1).insert(node))
      }
    }
  }

  /// Lends tables of any search number over the same entries.
  private func withTable(entryCount: Int, _ body: ((UInt32) -> VisitedTable) -> Void) {
    // SAFETY: as many entries as the table is told, zeroed; no search has the number 0.
    let entries = UnsafeMutablePointer<UInt64>.allocate(capacity: entryCount)
    entries.initialize(repeating: 0, count: entryCount)
    defer { entries.deallocate() }
    body { VisitedTable(entries: entries, entryCount: entryCount, epoch: $0) }
  }
}

import Testing

@testable import Vamana

@Suite("The table of visited nodes")
struct VisitedTableTests {
  /// Of the multiplier: times it, neighbouring numbers become nodes with neighbouring products, and one place.
  private static let inverse: UInt32 = 0x0e8b_2f51

  @Test("While it is sparse it is an exact set")
  func exactWhileSparse() {
    withTable(placeBits: 14) { table in
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

  @Test("Nodes that share a place are told apart", arguments: VisitedTable.placeBitsRange)
  func sharedPlaces(placeBits: Int) {
    withTable(placeBits: placeBits) { table in
      #expect(Self.inverse &* 0x9e37_79b1 == 1)
      let nodes = (UInt32(0)..<8).map { ($0 &+ 5) &* Self.inverse }
      for node in nodes { #expect(table(1).insert(node)) }
      for node in nodes { #expect(!table(1).insert(node)) }
      #expect(!table(1).contains(UInt32(13) &* Self.inverse))
    }
  }

  @Test("Nodes of neighbouring places with equal remainders are told apart")
  func equalRemainders() {
    withTable(placeBits: 11) { table in
      // Place 0 is taken first, so that a second node of it stands where one of place 1 would.
      let products: [UInt32] = [6, 5, 1 << 21 + 5]
      for product in products { #expect(table(1).insert(product &* Self.inverse)) }
      for product in products { #expect(table(1).contains(product &* Self.inverse)) }
    }
  }

  @Test("Places go on from the last to the first")
  func wrapAround() {
    withTable(placeBits: 6) { table in
      let products = (UInt32(0)..<8).map { UInt32.max - $0 }
      for product in products { #expect(table(1).insert(product &* Self.inverse)) }
      for product in products { #expect(!table(1).insert(product &* Self.inverse)) }
    }
  }

  @Test("A new number empties it, whatever searches before left")
  func epochs() {
    withTable(placeBits: 8) { table in
      let last = VisitedTable.epochMax(placeBits: 8)
      for epoch in [1, 2, 3, last - 1, last] {
        for node in UInt32(0)..<100 {
          #expect(!table(epoch).contains(node))
          #expect(table(epoch).insert(node))
        }
        #expect((UInt32(0)..<100).filter { table(epoch).contains($0) }.count > 90)
      }
    }
  }

  @Test("Numbers that run out start again, on cleared entries")
  func runOut() {
    let memory = VisitedMemory(placeBits: 6)
    for _ in 0..<3 * VisitedTable.epochMax(placeBits: 6) {
      let table = memory.next()
      for node in UInt32(0)..<20 { #expect(table.insert(node)) }
      for node in UInt32(0)..<20 { #expect(table.contains(node)) }
      #expect(!table.contains(20))
    }
  }

  @Test("Overfull it forgets nodes, and never claims to have seen one that it has not")
  func overfull() {
    withTable(placeBits: 6) { table in
      for node in UInt32(0)..<1_000 {
        #expect(table(5).insert(node * 2))
        #expect(table(5).contains(node * 2))
        #expect(!table(5).contains(node * 2 + 1))
      }
    }
  }

  @Test("The largest numbers of nodes have places")
  func largestNodes() {
    withTable(placeBits: 6) { table in
      for node in [UInt32(0), UInt32(nodeCountMax), .max - 1, .max] {
        #expect(table(1).insert(node))
        #expect(!table(1).insert(node))
      }
    }
  }

  /// Lends tables of any search number over the same entries.
  private func withTable(placeBits: Int, _ body: ((UInt32) -> VisitedTable) -> Void) {
    // SAFETY: one entry more than the table is told, zeroed; no search has the number 0.
    let count = 1 << placeBits
    let entries = UnsafeMutablePointer<UInt32>.allocate(capacity: count + 1)
    entries.initialize(repeating: 0, count: count + 1)
    defer { entries.deallocate() }
    body { VisitedTable(entries: entries, placeBits: placeBits, epoch: $0) }
    #expect(entries[count] == 0)
  }
}

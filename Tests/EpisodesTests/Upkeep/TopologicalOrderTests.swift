import Episodes
import Testing

@Suite("The order of linked episodes")
struct TopologicalOrderTests {
  private func link(_ from: String, _ to: String, _ kind: RelationshipKind) -> Relationship {
    Relationship(
      id: "\(from)-\(to)-\(kind)", from: from, to: to, kind: kind,
      createdAt: Timestamp(nanosecondsSince1970: 0))
  }

  @Test("What is depended on, what blocks and the parent come first")
  func directions() throws {
    let ids = ["a", "b", "c"]
    let links = [
      link("a", "b", .dependsOn), link("b", "c", .dependsOn), link("c", "a", .blocks),
      link("b", "a", .parentChild), link("a", "x", .dependsOn), link("a", "a2", .relatedTo),
    ]
    #expect(try TopologicalOrder.sorted(ids, by: links, kind: .dependsOn) == ["c", "b", "a"])
    #expect(try TopologicalOrder.sorted(ids, by: links, kind: .blocks) == ["b", "c", "a"])
    #expect(try TopologicalOrder.sorted(ids, by: links, kind: .parentChild) == ["b", "a", "c"])
    #expect(try TopologicalOrder.sorted([], by: links, kind: .dependsOn) == [])
    #expect(
      TopologicalOrder.depths(["c", "b", "a"], by: links, kind: .dependsOn)
        == ["c": 0, "b": 1, "a": 2])
    #expect(
      TopologicalOrder.depths(["b", "c", "a"], by: links, kind: .blocks)
        == ["b": 0, "c": 0, "a": 1])
  }

  @Test("A cycle and a kind that may have one are refused by name")
  func refused() {
    let cycle = [link("a", "b", .blocks), link("b", "a", .blocks)]
    let error = #expect(throws: ValidationError.self) {
      try TopologicalOrder.sorted(["a", "b", "c"], by: cycle, kind: .blocks)
    }
    #expect(error?.problem == "'a', 'b' are in a cycle")
    #expect(throws: ValidationError.self) {
      try TopologicalOrder.sorted(["a"], by: [], kind: .follows)
    }
  }

  @Test("In every order of random links what must come first does", arguments: [1, 7, 42])
  func random(seed: UInt64) throws {
    var generator = Generator(state: seed)
    let ids = (0..<200).map { "e\($0)" }.shuffled(using: &generator)
    let links = (0..<600).compactMap { _ -> Relationship? in
      let ends = [
        Int.random(in: 0..<200, using: &generator), Int.random(in: 0..<200, using: &generator),
      ]
      // From a later one to an earlier one: no cycle.
      guard ends[0] != ends[1] else { return nil }
      return link("e\(ends.max() ?? 0)", "e\(ends.min() ?? 0)", .dependsOn)
    }
    let order = try TopologicalOrder.sorted(ids, by: links, kind: .dependsOn)
    #expect(Set(order) == Set(ids) && order.count == ids.count)
    let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    for link in links {
      #expect(try #require(places[link.to]) < #require(places[link.from]), "seed \(seed)")
    }
  }
}

/// SplitMix64.
private struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

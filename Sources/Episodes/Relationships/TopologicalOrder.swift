/// The order in which linked episodes come: what others need before them.
public enum TopologicalOrder {
  /// Sorts ids so that of each relationship the one that must come first does: what is depended on, what
  /// blocks, the parent. Ids that no relationship orders keep their places to one another.
  ///
  /// - Parameters:
  ///   - ids: each once.
  ///   - relationships: those of other kinds, and from or to other ids, are left out.
  ///   - kind: one that has no cycles.
  /// - Throws: ``ValidationError`` for a kind that may have cycles, or when there is one.
  /// - Complexity: O(n log n + m) for n ids and m relationships.
  public static func sorted(
    _ ids: [String], by relationships: [Relationship], kind: RelationshipKind
  ) throws(ValidationError) -> [String] {
    guard kind.isAcyclic else {
      throw ValidationError(
        field: "kind", problem: "\(kind.rawValue) relationships may form cycles",
        expected: RelationshipKind.allCases.filter(\.isAcyclic).map(\.rawValue)
          .joined(separator: ", "))
    }
    let positions = Dictionary(
      ids.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var followers = Array(repeating: [Int](), count: ids.count)
    var waitingFor = Array(repeating: 0, count: ids.count)
    for relationship in Set(relationships) where relationship.kind == kind {
      guard let from = positions[relationship.from], let to = positions[relationship.to] else {
        continue
      }
      let (first, second) = kind == .dependsOn ? (to, from) : (from, to)
      followers[first].append(second)
      waitingFor[second] += 1
    }
    var ready = PositionHeap()
    for index in ids.indices where waitingFor[index] == 0 && positions[ids[index]] == index {
      ready.insert(index)
    }
    var order: [String] = []
    while let next = ready.removeLeast() {
      order.append(ids[next])
      for follower in followers[next] {
        waitingFor[follower] -= 1
        if waitingFor[follower] == 0 { ready.insert(follower) }
      }
    }
    guard order.count == positions.count else {
      let rest = Set(ids).subtracting(order).sorted().prefix(3).joined(separator: "', '")
      throw ValidationError(
        field: "relationships", problem: "'\(rest)' are in a cycle", expected: "none")
    }
    return order
  }

  /// How many links there are at most from an id that need wait for none of the others.
  ///
  /// - Parameter order: as ``sorted(_:by:kind:)`` made it of the same relationships.
  /// - Complexity: O(n + m) for n ids and m relationships.
  public static func depths(
    _ order: [String], by relationships: [Relationship], kind: RelationshipKind
  ) -> [String: Int] {
    var followers: [String: [String]] = [:]
    for relationship in relationships where relationship.kind == kind {
      let (first, second) =
        kind == .dependsOn
        ? (relationship.to, relationship.from) : (relationship.from, relationship.to)
      followers[first, default: []].append(second)
    }
    var depths = Dictionary(order.map { ($0, 0) }, uniquingKeysWith: { first, _ in first })
    for id in order {
      guard let depth = depths[id] else { continue }
      for follower in followers[id] ?? [] {
        guard let known = depths[follower] else { continue }
        depths[follower] = max(known, depth + 1)
      }
    }
    return depths
  }
}

/// A binary heap of positions.
private struct PositionHeap {
  private var positions: [Int] = []

  mutating func insert(_ position: Int) {
    positions.append(position)
    var child = positions.count - 1
    while child > 0, positions[(child - 1) / 2] > positions[child] {
      positions.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeLeast() -> Int? {
    guard let least = positions.first else { return nil }
    let last = positions.removeLast()
    if positions.isEmpty { return least }
    positions[0] = last
    var parent = 0
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < positions.count && positions[child] < positions[smallest] {
        smallest = child
      }
      if smallest == parent { return least }
      positions.swapAt(parent, smallest)
      parent = smallest
    }
  }
}

internal import DurableStore
internal import Episodes

/// Moves one namespace to another memory: copies, compares, and takes away what still is what was compared. What was
/// written meanwhile is gone through again.
struct NamespaceMover: Sendable {
  /// Where a move is, for tests.
  enum Step: Sendable { case copied, compared }

  static let roundsMax = 20

  let namespace: String
  let source: Memory
  let target: Memory
  var watch: (@Sendable (Step) async throws -> Void)?

  func run(_ report: inout NamespaceMoveReport) async throws {
    let wasBegun = try await source.store.moveBegin(leaving) != nil
    let isGone = try await hasLeft()
    guard wasBegun || !isGone else {
      throw EngramError(
        code: .notFound,
        message: "there is nothing of namespace '\(namespace)' in '\(report.from)'")
    }
    let begin = Begin(
      source: try await source.store.beginMove(leaving),
      target: try await target.store.beginMove(coming))
    var learned: (patterns: Set<String>, heuristics: Set<String>, others: Set<String>) = (
      [], [], []
    )
    var relationships: Set<String> = []
    let copy = NamespaceCopy(to: target, since: begin.target)
    for round in 1...Self.roundsMax {
      // First, so that nothing comes back.
      try await carryForgotten(since: begin)
      try await copy.copy(namespace, from: source)
      if round == 1 { report.alreadyThere = await copy.alreadyThere }
      try await watch?(.copied)
      try await carryForgotten(since: begin)
      var comparison = NamespaceComparison(namespace, from: source, to: target, copy: copy)
      try await comparison.run()
      try await watch?(.compared)
      relationships.formUnion(comparison.relationshipIDs)
      learned.patterns.formUnion(comparison.patternIDs)
      learned.heuristics.formUnion(comparison.heuristicIDs)
      learned.others.formUnion(comparison.recommendations.map(\.id))
      report.episodes += try await takeAway(comparison)
      await target.syncAfterWrite()
      await source.syncAfterWrite()
      try await carryForgotten(since: begin)
      guard try await hasLeft() else { continue }
      report.patterns = learned.patterns.count
      report.heuristics = learned.heuristics.count
      report.recommendations = learned.others.count
      report.relationships = relationships.count
      try await target.store.endMove(coming)
      try await source.store.endMove(leaving)
      return
    }
    throw EngramError(
      code: .conflict,
      message:
        "namespace '\(namespace)' is written to in '\(report.from)' all the time, or has what cannot be read; the map "
        + "of some node is an old one. What was moved is in '\(report.to)'. Move the namespace again"
    )
  }

  /// Where the logs of changes were when the move began.
  private struct Begin {
    var source: Int64
    var target: Int64
  }

  private var leaving: String { "from here of \(namespace)" }
  private var coming: String { "to here of \(namespace)" }

  /// What was forgotten on one side since the move began is forgotten on the other, and what was forgotten before in
  /// the old shard is kept out of the new one.
  private func carryForgotten(since begin: Begin) async throws {
    try await forget(source.store.forgottenIDs(since: begin.source), in: target)
    try await forget(target.store.forgottenIDs(since: begin.target), in: source)
    try await target.store.keepAway(whatWasForgottenIn: source.store)
  }

  private func forget(_ ids: [String], in memory: Memory) async throws {
    for ids in ids.batches(of: NamespaceCopy.batchSize) {
      let stored = try await memory.store.namespaces(ofEpisodes: ids)
      let gone = ids.filter { stored[$0] == namespace }
      if gone.isEmpty { continue }
      try await memory.forget(ids: gone, erasing: false)
    }
  }

  /// - Returns: how many episodes were taken away. What was written since it was compared stays.
  private func takeAway(_ comparison: NamespaceComparison) async throws -> Int {
    // First: what episodes show goes with them otherwise, and would not be what was compared.
    guard
      try await source.store.takeAway(
        patterns: comparison.patternIDs, heuristics: comparison.heuristicIDs,
        recommendations: comparison.recommendations,
        unchangedSince: comparison.learningSequence)
    else { return 0 }
    var count = 0
    for batch in comparison.batches {
      count +=
        try await source.store.takeAway(
          episodes: batch.episodeIDs, unchangedSince: batch.sequence) ?? 0
    }
    return count
  }

  /// Whether all of the namespace has left the source.
  private func hasLeft() async throws -> Bool {
    let learned = try await source.store.learnedCounts(namespace: namespace)
    guard learned == (0, 0, 0) else { return false }
    return try await source.store.count(matching: EpisodeFilter(namespace: namespace)) == 0
  }
}

import Episodes

extension DurableStore {
  /// What becomes of what was learned without some episodes.
  ///
  /// - Parameters:
  ///   - ids: also of episodes that a limit has evicted, which are evidence still: words that may be theirs go.
  ///   - isForgetting: whether what cannot be read goes whole, since words of theirs may be in it.
  /// - Complexity: linear in the evidence of all patterns; reads the episodes that go, and a few that stay for
  ///   each pattern whose words may be theirs.
  func unlearning(
    of ids: [String], isForgetting: Bool = false
  ) async throws(DurableStoreError) -> Unlearning {
    // Read first: what changes from here on makes the write fail.
    let revision = try await read("SELECT revision FROM learning_state").firstInteger ?? 0
    var unlearning = Unlearning(revision: revision)
    try await unlearning.keepForeign(
      foreignPatterns(namedBy: ids), heuristics: foreignHeuristics(namedBy: ids))
    let (patterns, damagedIDs) = try await patterns(counting: ids)
    if isForgetting { unlearning.drop(damagedIDs) }
    if patterns.isEmpty { return unlearning }
    let gone = Set(ids)
    let removed = try await episodes(ids: ids)
    let evicted = gone.subtracting(removed.map(\.id))
    var rests: [(pattern: Pattern, removed: [Episode], count: Int, evidence: [String])] = []
    for pattern in patterns {
      let named = Set(pattern.evidence)
      // More episodes count for it than it names where there are too many to name.
      var unnamed = max(0, pattern.occurrenceCount - named.count)
      var counted: [Episode] = []
      for episode in removed {
        if !named.contains(episode.id) {
          guard unnamed > 0, episode.patternIDs.contains(pattern.id) else { continue }
          unnamed -= 1
        }
        counted.append(episode)
      }
      var rest = pattern.evidence.filter { !gone.contains($0) }
      // Evidence of episodes that are not stored, as of an import without them, goes as well.
      let lost =
        pattern.evidence.count - rest.count + counted.count { !named.contains($0.id) }
      var count = max(rest.count, pattern.occurrenceCount - lost)
      if rest.isEmpty, !pattern.evidence.isEmpty {
        rest = try await evidence(of: pattern, without: ids)
        if rest.isEmpty { count = 0 }
      }
      rests.append((pattern, counted, count, rest))
    }
    // Evicted episodes are evidence without words.
    let stored = Set(
      try await namespaces(ofEpisodes: Set(rests.flatMap(\.evidence)).sorted()).keys)
    func sample(_ evidence: [String]) -> [String] {
      Array(evidence.lazy.filter(stored.contains).prefix(PatternUnlearning.sampleMax))
    }
    let sampled = Set(rests.flatMap { sample($0.evidence) })
    let samples = Dictionary(
      try await episodes(ids: sampled.sorted()).map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })
    let heuristics = Dictionary(
      try await self.heuristics(ids: patterns.map(\.id)).map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })
    for (pattern, counted, count, evidence) in rests {
      unlearning.add(
        pattern,
        rest: PatternUnlearning.pattern(
          pattern, without: counted, count: count, evidence: evidence,
          sample: sample(evidence).compactMap { samples[$0] },
          hasUnknown: isForgetting && pattern.evidence.contains(where: evicted.contains)),
        heuristic: heuristics[pattern.id])
    }
    return unlearning
  }

  /// What becomes of what was learned from a stored episode that is replaced by one to learn from anew; nil
  /// where nothing was, or nothing changes in that.
  func unlearning(ofReplaced episode: Episode) async throws(DurableStoreError) -> Unlearning? {
    guard episode.outcome != nil, episode.patternIDs.isEmpty,
      let stored = try await self.episode(id: episode.id), !stored.patternIDs.isEmpty
    else { return nil }
    var unlearning = try await unlearning(of: [episode.id])
    unlearning.takeBackUses(in: stored)
    return unlearning
  }

  /// The patterns that name one of the episodes as evidence, or are named by one, of the same namespace; and the
  /// ids of those of them whose rows are damaged.
  private func patterns(
    counting ids: [String]
  ) async throws(DurableStoreError) -> (sound: [Pattern], damagedIDs: [String]) {
    let columns = PatternRow.columns.map { "p.\($0)" }.joined(separator: ", ")
    let result =
      try await read(
        """
        SELECT \(columns) FROM patterns AS p
        WHERE (p.id, p.namespace) IN (\(Self.named("pattern_ids"))) OR EXISTS (
          SELECT 1 FROM json_each(iif(json_valid(p.evidence), p.evidence, '[]')) AS shown
          WHERE shown.value IN (SELECT value FROM json_each(?1)) AND NOT EXISTS (
            SELECT 1 FROM episodes AS e
            WHERE e.id = shown.value AND e.namespace <> p.namespace
          )
        )
        ORDER BY p.id
        """, [.text(JSONColumns.strings(ids))])
    let patterns = Self.patterns(result)
    if patterns.count == result.rows.count { return (patterns, []) }
    let sound = Set(patterns.map(\.id))
    return (patterns, result.texts.filter { !sound.contains($0) })
  }

  /// Those of `ids` that a pattern or heuristic names as evidence, whether or not they are stored.
  ///
  /// - Complexity: linear in the evidence of all patterns and heuristics.
  public func evidenceIDs(among ids: [String]) async throws(DurableStoreError) -> [String] {
    if ids.isEmpty { return [] }
    return try await read(
      ["patterns", "heuristics"].map { table in
        """
        SELECT shown.value FROM \(table) AS r,
          json_each(iif(json_valid(r.evidence), r.evidence, '[]')) AS shown
        WHERE shown.value IN (SELECT value FROM json_each(?1))
        """
      }.joined(separator: " UNION "), [.text(JSONColumns.strings(ids))]
    ).texts
  }

  /// The patterns that episodes of other namespaces name, as an import may have it.
  private func foreignPatterns(
    namedBy ids: [String]
  ) async throws(DurableStoreError) -> [Pattern] {
    let columns = PatternRow.columns.map { "p.\($0)" }.joined(separator: ", ")
    return Self.patterns(
      try await read(
        """
        SELECT \(columns) FROM patterns AS p \(Self.isForeign("pattern_ids", "p"))
        """, [.text(JSONColumns.strings(ids))]))
  }

  private func foreignHeuristics(
    namedBy ids: [String]
  ) async throws(DurableStoreError) -> [Heuristic] {
    try Self.heuristics(
      await read(
        "SELECT \(Self.heuristicColumns) FROM heuristics AS h \(Self.isForeign("heuristic_ids", "h"))",
        [.text(JSONColumns.strings(ids))]))
  }

  private static func isForeign(_ column: String, _ record: String) -> String {
    """
    WHERE \(record).id IN (SELECT id FROM (\(named(column))))
      AND (\(record).id, \(record).namespace) NOT IN (\(named(column)))
    """
  }

  /// The ids that episodes of the list `?1` name in a column, each with the namespace of the episode.
  private static func named(_ column: String) -> String {
    """
    SELECT shown.value AS id, e.namespace FROM episodes AS e,
      json_each(iif(json_valid(e.\(column)), e.\(column), '[]')) AS shown
    WHERE e.id IN (SELECT value FROM json_each(?1))
    """
  }

  /// The latest episodes that show a pattern, oldest first, found by what they say themselves.
  ///
  /// - Complexity: linear in the episodes of the namespace.
  private func evidence(
    of pattern: Pattern, without ids: [String]
  ) async throws(DurableStoreError) -> [String] {
    try await read(
      """
      SELECT e.id FROM episodes AS e
      WHERE e.namespace = ?1 AND e.pattern_ids <> '[]'
        AND e.id NOT IN (SELECT value FROM json_each(?3))
        AND EXISTS (
          SELECT 1 FROM json_each(iif(json_valid(e.pattern_ids), e.pattern_ids, '[]'))
          WHERE value = ?2
        )
      ORDER BY e.rowid DESC LIMIT ?4
      """,
      [
        .text(pattern.namespace), .text(pattern.id), .text(JSONColumns.strings(ids)),
        .integer(Int64(PatternMerge.evidenceMax)),
      ]
    ).texts.reversed()
  }

  func heuristics(ids: [String]) async throws(DurableStoreError) -> [Heuristic] {
    try Self.heuristics(
      await read(
        "SELECT \(Self.heuristicColumns) FROM heuristics "
          + "WHERE id IN (SELECT value FROM json_each(?1))",
        [.text(JSONColumns.strings(ids))]))
  }
}

import Episodes

// What was learned in a namespace goes where its episodes go.
extension DurableStore {
  /// How many patterns, heuristics and recommendations a namespace has.
  public func learnedCounts(
    namespace: String
  ) async throws(DurableStoreError) -> (patterns: Int, heuristics: Int, recommendations: Int) {
    let results = try await read(
      ["patterns", "heuristics", "recommendations"].map {
        SQLStatement("SELECT count(*) FROM \($0) WHERE namespace = ?1", [.text(namespace)])
      })
    let counts = results.map { Int($0.firstInteger ?? 0) }
    return (counts[0], counts[1], counts[2])
  }

  /// Deletes all that was learned in a namespace: patterns, heuristics and recommendations.
  ///
  /// Its episodes stay, and are not learned from again.
  ///
  /// - Returns: how many patterns and heuristics there were.
  @discardableResult
  public func deleteLearning(
    namespace: String
  ) async throws(DurableStoreError) -> (patterns: Int, heuristics: Int) {
    let name: [SQLValue] = [.text(namespace)]
    let results = try await write([
      SQLStatement("SELECT count(*) FROM heuristics WHERE namespace = ?1", name),
      SQLStatement("DELETE FROM patterns WHERE namespace = ?1", name),
      SQLStatement("DELETE FROM heuristics WHERE namespace = ?1", name),
      SQLStatement("DELETE FROM recommendations WHERE namespace = ?1", name),
      SQLStatement(
        """
        UPDATE episodes SET pattern_ids = '[]', heuristic_ids = '[]'
        WHERE namespace = ?1 AND (pattern_ids <> '[]' OR heuristic_ids <> '[]')
        """, name),
    ])
    return (results[1].affectedRowCount, Int(results[0].firstInteger ?? 0))
  }

  /// Moves some of what was learned in a namespace to another. A pattern that the other knows already is
  /// merged with it, as far as episodes, recommendations and counts go. Called until it returns none, it moves
  /// all, and goes on where it was cut off.
  ///
  /// - Parameters:
  ///   - moved: ids of patterns that came from the old namespace, which are not merged with one another.
  /// - Returns: the ids of the patterns that are in the other namespace now, or are merged into one there.
  public func moveLearning(
    fromNamespace old: String, to new: String, afterMoving moved: Set<String>
  ) async throws(DurableStoreError) -> [String] {
    do {
      try Identifier.check(new, field: "namespace")
    } catch {
      throw .invalid(error)
    }
    if old == new { return [] }
    try await keyPatterns()
    var attempts = 0
    while true {
      let revision = try await read("SELECT revision FROM learning_state").firstInteger ?? 0
      let page = try await patterns(namespace: old, limit: Self.movedAtOnce)
      var keys: Set<String> = []
      for pattern in page {
        keys.formUnion(PatternKeys.keys(of: pattern.kind, in: pattern.context))
      }
      let present = try await patterns(withKeys: keys, namespace: new)
      var move = PatternMove(from: old, to: new, revision: revision)
      move.add(page, to: KnownPatterns(present.filter { !moved.contains($0.id) }))
      do throws(SQLError) {
        _ = try await backend.write(move.statements)
        return page.map(\.id)
      } catch {
        guard error.kind == .constraintViolation, error.statementIndex == 0,
          attempts < Self.moveAttemptsMax
        else { throw .database(error) }
        // Something was learned or forgotten meanwhile.
        attempts += 1
      }
    }
  }

  private static let movedAtOnce = 100
  private static let moveAttemptsMax = 200
}

package import Episodes

extension DurableStore {
  /// The records with these ids; those that are not stored are left out, and patterns whose rows are damaged.
  ///
  /// - Complexity: one read, which asks a store elsewhere once.
  package func records(
    episodes: [String], patterns: [String], heuristics: [String], embeddings: [Int64]
  ) async throws(DurableStoreError) -> ChangedRecords {
    var statements: [SQLStatement] = []
    func add(_ statement: SQLStatement, if isWanted: Bool) -> Int? {
      guard isWanted else { return nil }
      statements.append(statement)
      return statements.count - 1
    }
    let places = (
      episodes: add(Self.lookUp(episodes: episodes), if: !episodes.isEmpty),
      patterns: add(Self.lookUp(patterns: patterns), if: !patterns.isEmpty),
      heuristics: add(Self.lookUp(heuristics: heuristics), if: !heuristics.isEmpty),
      embeddings: add(Self.lookUp(embeddings: embeddings), if: !embeddings.isEmpty)
    )
    var records = ChangedRecords()
    if statements.isEmpty { return records }
    let results = try await read(statements)
    if let place = places.episodes {
      records.episodes = try Self.wholeEpisodes(results[place])
    }
    if let place = places.patterns { records.patterns = Self.patterns(results[place]) }
    if let place = places.heuristics { records.heuristics = try Self.heuristics(results[place]) }
    if let place = places.embeddings { records.embeddings = try Self.embeddings(results[place]) }
    return records
  }
}

public import Episodes

extension DurableStore {
  /// Notes when episodes were last read. It is no change of them.
  ///
  /// - Parameter accesses: times by id; ids that are not stored are left out.
  public func recordAccesses(
    _ accesses: [String: Timestamp]
  ) async throws(DurableStoreError) {
    if accesses.isEmpty { return }
    let members = JSONColumns.members(
      accesses.sorted { $0.key < $1.key }.map { ($0.key, $0.value.nanosecondsSince1970) })
    try await write(
      """
      INSERT INTO episode_access (episode, accessed_at, access_count)
      SELECT e.rowid, wanted.value, 1
      FROM json_each(?1) AS wanted CROSS JOIN episodes AS e ON e.id = wanted.key
      WHERE true
      ON CONFLICT (episode) DO UPDATE SET
        accessed_at = max(accessed_at, excluded.accessed_at), access_count = access_count + 1
      """, [.text("{" + members + "}")])
  }

  /// When an episode was last read, if that was noted.
  public func lastAccess(ofEpisode id: String) async throws(DurableStoreError) -> Timestamp? {
    try await read(
      """
      SELECT accessed_at FROM episode_access
      WHERE episode = (SELECT rowid FROM episodes WHERE id = ?1)
      """, [.text(id)]
    ).firstInteger.map(Timestamp.init(nanosecondsSince1970:))
  }

  /// How many episodes there are: in a namespace, or in all.
  public func episodeCount(namespace: String?) async throws(DurableStoreError) -> Int {
    guard let namespace else {
      return Int(try await read("SELECT count(*) FROM episodes").firstInteger ?? 0)
    }
    return Int(
      try await read("SELECT count(*) FROM episodes WHERE namespace = ?1", [.text(namespace)])
        .firstInteger ?? 0)
  }

  /// The namespaces with more than `count` episodes.
  public func namespaces(
    withMoreEpisodesThan count: Int
  ) async throws(DurableStoreError) -> [(namespace: String, episodes: Int)] {
    let result = try await read(
      "SELECT namespace, count(*) FROM episodes GROUP BY 1 HAVING count(*) > ?1 ORDER BY 1",
      [.integer(Int64(count))])
    var found: [(String, Int)] = []
    for values in result.rows {
      var row = RowReader(table: "episodes", columns: result.columns, values: values)
      found.append((try row.text(), Int(try row.integer())))
    }
    return found
  }

  /// The episodes that a policy evicts first. Those that nothing has been learned from yet come after others, and
  /// unfinished ones after all.
  ///
  /// - Parameters:
  ///   - now: the present, for relevance.
  ///   - limit: the most to return.
  /// - Complexity: linear in the number of episodes of the namespace.
  public func evictionCandidates(
    _ order: EvictionPolicy, namespace: String?, now: Timestamp, limit: Int
  ) async throws(DurableStoreError) -> [String] {
    var arguments: [SQLValue] = [SQLValue(namespace), .integer(Int64(max(0, limit)))]
    let ended = "coalesce(e.end_time, e.start_time)"
    let used = "max(coalesce(a.accessed_at, \(ended)), \(ended))"
    let key: String
    switch order {
    case .leastRecentlyUsed: key = used
    case .relevance:
      arguments.append(.integer(now.nanosecondsSince1970))
      key =
        "0.7 * min(1, max(0, coalesce(e.reward_total, 0))) "
        + "+ 0.3 * exp(-max(0, ?3 - \(used)) / 3.6e12 / 24)"
    }
    return try await read(
      """
      SELECT e.id FROM episodes AS e LEFT JOIN episode_access AS a ON a.episode = e.rowid
      WHERE ?1 IS NULL OR e.namespace = ?1
      ORDER BY e.outcome_kind IS NULL AND e.end_time IS NULL,
        EXISTS (SELECT 1 FROM learning_queue WHERE episode = e.rowid), \(key), e.rowid LIMIT ?2
      """, arguments
    ).texts
  }

  private static let capacityProperty = "capacity"

  /// The limits that are kept with the store; none if they were never set.
  public func capacity() async throws(DurableStoreError) -> CapacityLimits {
    let result = try await read(
      "SELECT value FROM store_properties WHERE name = ?1", [.text(Self.capacityProperty)])
    guard case .text(let text)? = result.rows.first?.first else { return CapacityLimits() }
    guard let limits = CapacityLimits(text) else {
      throw .corrupt(
        table: "store_properties", column: "value", problem: "'\(text)' are no limits")
    }
    return limits
  }

  /// Sets the limits for every process that uses the store.
  ///
  /// - Throws: ``DurableStoreError/invalid(_:)`` for a limit below 1.
  public func setCapacity(_ limits: CapacityLimits) async throws(DurableStoreError) {
    do {
      try limits.validate()
    } catch {
      throw .invalid(error)
    }
    try await write(
      """
      INSERT INTO store_properties (name, value) VALUES (?1, ?2)
      ON CONFLICT (name) DO UPDATE SET value = excluded.value
      """, [.text(Self.capacityProperty), .text(limits.text)])
  }
}

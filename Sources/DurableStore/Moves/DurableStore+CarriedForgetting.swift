// What was forgotten in one store is kept out of another, where a namespace moves there.
extension DurableStore {
  /// Takes over what another store keeps away: ids, and codes of contents with the key that tells them. What is
  /// stored here stays.
  ///
  /// - Complexity: linear in what the other store keeps away.
  package func keepAway(whatWasForgottenIn other: DurableStore) async throws(DurableStoreError) {
    let key = try await other.read(
      "SELECT value FROM store_properties WHERE name = ?1 OR name >= ?2 AND name < ?2 || '~'",
      [.text(ForgottenContent.keyProperty), .text(ForgottenContent.otherKeyProperties)]
    ).texts
    if !key.isEmpty {
      // Its own comes first, so that none of another store's is taken for it.
      let own = try await forgottenContent(making: true)
      try await write(
        """
        INSERT INTO store_properties (name, value)
        SELECT ?2 || value, value FROM json_each(?1)
        WHERE value NOT IN (SELECT value FROM store_properties WHERE name = ?3)
        ON CONFLICT DO NOTHING
        """,
        [
          .text(JSONColumns.strings(own == nil ? [] : key)),
          .text(ForgottenContent.otherKeyProperties), .text(ForgottenContent.keyProperty),
        ])
    }
    var last = ""
    while true {
      let page = try await other.read(
        """
        SELECT json_group_array(json_array(id, forgotten_at)), max(id), count(*) FROM (
          SELECT id, forgotten_at FROM forgotten WHERE id > ?1 ORDER BY id LIMIT ?2
        )
        """, [.text(last), .integer(Int64(Self.carriedAtOnce))])
      guard case .text(let rows)? = page.rows.first?[0],
        case .text(let end)? = page.rows.first?[1],
        case .integer(let count)? = page.rows.first?[2]
      else { return }
      try await write(
        """
        INSERT INTO forgotten (id, forgotten_at)
        SELECT json_extract(f.value, '$[0]'), json_extract(f.value, '$[1]') FROM json_each(?1) AS f
        WHERE NOT EXISTS (SELECT 1 FROM episodes WHERE id = json_extract(f.value, '$[0]'))
        ON CONFLICT DO NOTHING
        """, [.text(rows)])
      if count < Self.carriedAtOnce { return }
      last = end
    }
  }

  /// The ids of episodes that were stored when the log of changes was at `sequence`, or later, and are forgotten now.
  ///
  /// - Complexity: linear in the changes since.
  package func forgottenIDs(since sequence: Int64) async throws(DurableStoreError) -> [String] {
    try await read(
      """
      SELECT DISTINCT c.record_id FROM changes AS c CROSS JOIN forgotten AS f ON f.id = c.record_id
      WHERE c.sequence > ?1 AND c.kind = 'episode' AND c.operation = 'delete' ORDER BY 1
      """, [.integer(sequence)]
    ).texts
  }

  private static let carriedAtOnce = 1000
}

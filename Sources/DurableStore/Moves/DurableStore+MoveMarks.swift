// A move of a namespace that was cut off goes on another day: both stores keep where their logs of changes were when
// it began, which tells what was forgotten since.
extension DurableStore {
  /// Where the log of changes was when a move began; nil where none is under way.
  package func moveBegin(_ name: String) async throws(DurableStoreError) -> Int64? {
    try await read(
      "SELECT CAST(value AS INTEGER) FROM store_properties WHERE name = ?1",
      [Self.property(name)]
    ).firstInteger
  }

  /// Notes that a move begins, unless that was noted before.
  ///
  /// - Returns: where the log of changes was.
  package func beginMove(_ name: String) async throws(DurableStoreError) -> Int64 {
    try await write(
      """
      INSERT INTO store_properties (name, value)
      SELECT ?1, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0)
      WHERE true ON CONFLICT (name) DO NOTHING
      """, [Self.property(name)])
    return try await moveBegin(name) ?? 0
  }

  /// Notes that a move has ended.
  package func endMove(_ name: String) async throws(DurableStoreError) {
    try await write("DELETE FROM store_properties WHERE name = ?1", [Self.property(name)])
  }

  private static func property(_ name: String) -> SQLValue { .text("move \(name)") }
}

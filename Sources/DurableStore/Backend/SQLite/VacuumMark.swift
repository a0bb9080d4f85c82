/// A property of the database that says which process vacuums it, so that others wait for that longer than
/// for a write.
///
/// It decides how long is waited, nothing else: the lock is SQLite's own.
enum VacuumMark {
  private static let name = SQLValue.text("vacuum")

  static func set(on connection: SQLiteConnection) throws(SQLError) {
    _ = try connection.execute(
      SQLStatement(
        "INSERT OR REPLACE INTO store_properties (name, value) VALUES (?1, ?2)",
        [name, .text(SegmentPublisher.current.text)]))
  }

  static func remove(on connection: SQLiteConnection) throws(SQLError) {
    _ = try connection.execute(
      SQLStatement("DELETE FROM store_properties WHERE name = ?1", [name]))
  }

  /// Whether a process that lives has set the mark. One that was killed leaves it behind.
  static func isSet(on connection: SQLiteConnection) -> Bool {
    let query = SQLStatement("SELECT value FROM store_properties WHERE name = ?1", [name])
    // A database that is no store, or of an earlier time, has no such table.
    guard case .text(let process)? = try? connection.execute(query).rows.first?.first else {
      return false
    }
    return !SegmentPublisher.isDead(process)
  }
}

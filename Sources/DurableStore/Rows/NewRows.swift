/// Rows of episodes that one statement has inserted, as the parts of the episodes name them.
///
/// Their row ids follow on one another (`AUTOINCREMENT`), and the last is known to the connection until the
/// next row of a table with row ids. Those of parts have none, and what triggers insert does not count: a part names its
/// episode by the distance from the last, which spares a look-up of its id for each part.
enum NewRows {
  /// The expression for a row id.
  ///
  /// - Parameter distance: an expression: how many rows were inserted after it.
  static func rowID(_ distance: String) -> String { "last_insert_rowid() - \(distance)" }
}

/// One SQL statement with the values of its parameters `?1`, `?2`, ….
///
/// The text is always one of the constants of this module, or fixed fragments of them joined
/// together; values travel only as arguments.
package struct SQLStatement: Sendable {
  package var sql: String
  package var arguments: [SQLValue]

  package init(_ sql: String, _ arguments: [SQLValue] = []) {
    self.sql = sql
    self.arguments = arguments
  }
}

/// One SQL statement with the values of its parameters `?1`, `?2`, ….
///
/// The text is always one of the constants of this module, or fixed fragments of them joined
/// together; values travel only as arguments.
struct SQLStatement: Sendable {
  var sql: String
  var arguments: [SQLValue]
  /// Whether it is one of those of ``gathered(_:members:)``.
  private(set) var isGathered = false

  init(_ sql: String, _ arguments: [SQLValue] = []) {
    self.sql = sql
    self.arguments = arguments
  }

  /// A statement that runs once at the end of its transaction, for all writes that share it: its one
  /// argument is the JSON object of all their members. It gives no result.
  ///
  /// A statement that writes to a virtual table makes the one after it write out the text index; many
  /// such would write it over and over.
  ///
  /// - Parameter members: of a JSON object, without the braces.
  static func gathered(_ sql: String, members: String) -> SQLStatement {
    var statement = SQLStatement(sql, [.text(members)])
    statement.isGathered = true
    return statement
  }
}

extension Sequence<SQLStatement> {
  /// The statements that run in their order, each with a result.
  var immediate: [SQLStatement] { filter { !$0.isGathered } }

  /// What runs after them: one statement for each text.
  var gathered: [SQLStatement] {
    var statements: [SQLStatement] = []
    var members: [[String]] = []
    for statement in self where statement.isGathered {
      guard case .text(let text)? = statement.arguments.first, !text.isEmpty else { continue }
      if let index = statements.firstIndex(where: { $0.sql == statement.sql }) {
        members[index].append(text)
      } else {
        statements.append(SQLStatement(statement.sql))
        members.append([text])
      }
    }
    for index in statements.indices {
      statements[index].arguments = [.text("{" + members[index].joined(separator: ",") + "}")]
    }
    return statements
  }
}

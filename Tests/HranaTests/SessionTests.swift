import Foundation
import Hrana
import Testing

@testable import HranaSessions

@Suite("SQL sessions")
struct SessionTests {
  @Test("Statements give rows, counts and row ids back")
  func execute() async throws {
    let database = try Database()
    let inserted = try await database.execute(
      "INSERT INTO things (name, data) VALUES (?1, ?2), ('b', NULL)",
      [.text("a\u{0}é"), .blob([0, 1, 255])])
    #expect(inserted.affectedRowCount == 2)
    #expect(inserted.lastInsertRowID == 2)
    let found = try await database.execute("SELECT name, data, 1.5 AS x FROM things ORDER BY id")
    #expect(found.columns.map(\.name) == ["name", "data", "x"])
    #expect(found.columns.map(\.declaredType) == ["TEXT", "", nil].map { $0 == "" ? nil : $0 })
    #expect(
      found.rows == [
        [.text("a\u{0}é"), .blob([0, 1, 255]), .float(1.5)], [.text("b"), .null, .float(1.5)],
      ])
    #expect(found.affectedRowCount == 0)
    #expect(found.lastInsertRowID == nil)
    let created = try await database.execute("CREATE TABLE other (x)")
    #expect(created.affectedRowCount == 0)
  }

  @Test(
    "Errors have codes",
    arguments: [
      ("SELEC 1", "SQL_PARSE_ERROR"), ("", "SQL_NO_STATEMENT"), (" -- nothing", "SQL_NO_STATEMENT"),
      ("SELECT 1; SELECT 2", "SQL_MANY_STATEMENTS"), ("SELECT 1 +", "SQL_PARSE_ERROR"),
      ("SELECT ?", "ARGS_INVALID"), ("ATTACH 'x' AS y", "BLOCKED"),
      ("PRAGMA journal_mode = DELETE", "BLOCKED"),
      ("PRAGMA writable_schema = ON", "BLOCKED"), ("PRAGMA database_list", "BLOCKED"),
      ("SELECT load_extension('x')", "BLOCKED"), ("CREATE TEMP TABLE t (x)", "BLOCKED"),
      ("INSERT INTO sqlite_schema VALUES (1, 2, 3, 4, 5)", "SQLITE_ERROR"),
      ("INSERT INTO things (id) VALUES ('x')", "SQLITE_MISMATCH"), ("COMMIT", "SQLITE_ERROR"),
    ])
  func errors(sql: String, code: String) async throws {
    #expect(try await Database().code(sql) == code)
  }

  @Test(
    "What does not fit the schema is an error of the input, where SQLite says its place, or one of SQLite"
  )
  func unknownNames() async throws {
    let code = try await Database().code("SELECT missing")
    #expect(code == "SQL_INPUT_ERROR" || code == "SQLITE_ERROR")
  }

  @Test(
    "A vacuum, which would attach another file, changes nothing",
    arguments: ["", " INTO 'copy.db'"])
  func vacuum(target: String) async throws {
    let database = try Database()
    let path = database.folder + "/copy.db"
    let code = try await database.code(
      "VACUUM" + target.replacing("copy.db", with: path))
    #expect(code == "SQLITE_ERROR" || code == "BLOCKED")
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("A broken rule says which")
  func constraints() async throws {
    let database = try Database()
    _ = try await database.execute("INSERT INTO things (name) VALUES ('a')")
    let answer = try await database.send([
      .execute(HranaStatement("INSERT INTO things (name) VALUES ('a')"))
    ])
    guard case .error(let error) = answer.results[0] else {
      Issue.record("no error")
      return
    }
    #expect(error.code == "SQLITE_CONSTRAINT")
    #expect(error.extendedCode == "SQLITE_CONSTRAINT_UNIQUE")
  }

  @Test("One statement may be followed by its semicolon and blanks")
  func semicolon() async throws {
    #expect(try await Database().code("SELECT 1;  -- that was it\n") == nil)
  }

  @Test("Parameters are given by place and by name, and each must be given")
  func arguments() async throws {
    let database = try Database()
    let named = HranaStatement(
      "SELECT ?1, :b, @c",
      [.integer(1)],
      named: [.init(name: "b", value: .integer(2)), .init(name: "@c", value: .integer(3))])
    let answer = try await database.send([.execute(named), .close])
    guard case .ok(.execute(let result)) = answer.results[0] else {
      Issue.record("\(answer.results)")
      return
    }
    #expect(result.rows == [[.integer(1), .integer(2), .integer(3)]])
    #expect(try await database.code("SELECT ?1", [.null, .null]) == "ARGS_INVALID")
    #expect(try await database.code("SELECT ?1, ?2", [.null]) == "ARGS_INVALID")
  }

  @Test(
    "Who may only read does not write, not even lock",
    arguments: [
      "INSERT INTO things DEFAULT VALUES", "DELETE FROM things", "CREATE TABLE t (x)",
      "DROP TABLE things", "PRAGMA user_version = 5", "PRAGMA query_only = OFF",
      "PRAGMA wal_checkpoint", "ANALYZE",
    ])
  func readOnly(sql: String) async throws {
    let database = try Database()
    #expect(try await database.code(sql, [], .readOnly) == "BLOCKED")
    // Neither does a transaction that would lock keep anybody from writing.
    let reader = try await database.send([.execute(HranaStatement("BEGIN IMMEDIATE"))], .readOnly)
    #expect(try await database.code("INSERT INTO things DEFAULT VALUES") == nil)
    guard case .error(let refused) = reader.results[0] else {
      Issue.record("\(reader.results)")
      return
    }
    #expect(refused.code == "SQLITE_READONLY")
    #expect(reader.baton != nil)
  }

  @Test("A table that triggers fill is not written past them")
  func keptByTriggers() async throws {
    let database = try Database(keptByTriggers: ["log"])
    try database.run(
      """
      CREATE TABLE log (name);
      CREATE TRIGGER logged AFTER INSERT ON things BEGIN INSERT INTO log VALUES (NEW.name); END;
      """)
    _ = try await database.execute("INSERT INTO things (name) VALUES ('a')")
    #expect(try await database.execute("SELECT name FROM log").rows == [[.text("a")]])
    #expect(try await database.code("INSERT INTO log VALUES ('b')") == "BLOCKED")
    #expect(try await database.code("UPDATE log SET name = 'b'") == "BLOCKED")
  }

  @Test("A batch runs what its conditions say")
  func batch() async throws {
    let database = try Database()
    let insert = HranaStatement("INSERT INTO things (name) VALUES ('a')", wantsRows: false)
    let answer = try await database.send([
      .batch(HranaBatch(transaction: [insert, insert], begin: "BEGIN IMMEDIATE")), .getAutocommit,
    ])
    guard case .ok(.batch(let result)) = answer.results[0] else {
      Issue.record("\(answer.results)")
      return
    }
    #expect(result.results.map { $0 != nil } == [true, true, false, false, true])
    #expect(result.errors.map { $0?.code } == [nil, nil, "SQLITE_CONSTRAINT", nil, nil])
    #expect(answer.results[1] == .ok(.getAutocommit(true)))
    #expect(try await database.count() == 0)
  }

  @Test("A sequence runs to its first error, a description runs nothing, and texts are stored")
  func others() async throws {
    let database = try Database()
    let answer = try await database.send([
      .sequence(.sql("INSERT INTO things (name) VALUES ('a'); ; INSERT INTO things VALUES (1);")),
      .describe(.sql("INSERT INTO things (name) VALUES (:n) RETURNING id")),
      .storeSQL(id: 1, sql: "SELECT name FROM things"), .execute(Self.stored(1)), .closeSQL(id: 1),
      .execute(Self.stored(1)), .close, .getAutocommit,
    ])
    #expect(answer.baton == nil)
    guard case .error(let error) = answer.results[0],
      case .ok(.describe(let description)) = answer.results[1],
      case .ok(.execute(let found)) = answer.results[3],
      case .error(let missing) = answer.results[5], case .error(let closed) = answer.results[7]
    else {
      Issue.record("\(answer.results)")
      return
    }
    #expect(error.code == "SQLITE_ERROR" || error.code == "SQL_INPUT_ERROR")
    #expect(description.parameters == [":n"])
    #expect(description.columns.map(\.name) == ["id"])
    #expect(!description.isReadOnly)
    #expect(found.rows == [[.text("a")]])
    #expect(missing.code == "SQL_NOT_FOUND")
    #expect(closed.code == "STREAM_CLOSED")
  }

  private static func stored(_ id: Int) -> HranaStatement {
    var statement = HranaStatement("")
    statement.sql = .stored(id)
    return statement
  }

  @Test("What takes too long, or gives too much, is broken off")
  func limits() async throws {
    let slow = try Database { $0.requestSeconds = 0.1 }
    let endless =
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c"
    #expect(try await slow.code(endless) == "SQLITE_INTERRUPT")
    #expect(try await slow.code("SELECT 1") == nil)
    let small = try Database { $0.responseBytesMax = 10_000 }
    #expect(try await small.code("SELECT zeroblob(20000)") == "RESPONSE_TOO_LARGE")
    #expect(try await small.code("SELECT zeroblob(2000)") == nil)
    let short = try Database { $0.statementBytesMax = 100 }
    let long = "SELECT '" + String(repeating: "x", count: 100) + "'"
    #expect(try await short.code(long) == "SQL_PARSE_ERROR")
  }

  @Test("A request that is given up stops")
  func cancellation() async throws {
    let database = try Database()
    let endless =
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c"
    let task = Task { try await database.execute(endless) }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    await #expect(throws: HranaRefusal.self) { try await task.value }
    #expect(database.service.streamCount == 0)
  }
}

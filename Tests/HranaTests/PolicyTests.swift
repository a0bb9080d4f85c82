import Hrana
import Testing

@testable import HranaSessions

@Suite("What statements of clients may reach")
struct PolicyTests {
  @Test(
    "Addresses of code are neither told nor taken",
    arguments: [
      "SELECT hex(fts3_tokenizer('simple'))", "SELECT FTS3_Tokenizer('simple')",
      "CREATE VIRTUAL TABLE x USING fts4(a)", "CREATE VIRTUAL TABLE x USING FTS3(a)",
      "CREATE VIRTUAL TABLE x USING fts3tokenize(simple)",
    ])
  func addresses(sql: String) async throws {
    let database = try Database()
    for access in [HranaAccess.readWrite, .readOnly] {
      #expect(try await database.code(sql, [], access) == "BLOCKED")
    }
  }

  @Test("A bound value is no address either")
  func boundAddress() async throws {
    let bytes = HranaValue.blob([UInt8](repeating: 0x41, count: 8))
    let code = try await Database().code("SELECT fts3_tokenizer('simple', ?1)", [bytes])
    #expect(code == "BLOCKED")
  }

  @Test("Raw pages and the texts of clients before are no tables of a client")
  func innerTables() async throws {
    let database = try Database()
    let module = "CREATE VIRTUAL TABLE x USING sqlite_dbpage"
    #expect(try await database.code(module) == "BLOCKED")
    // Some builds of SQLite do not have the table at all.
    let code = try await database.code("SELECT sql FROM sqlite_stmt")
    #expect(code == "BLOCKED" || code == "SQL_INPUT_ERROR" || code == "SQLITE_ERROR")
  }

  @Test("Tables for full text can be made, filled and dropped")
  func fullText() async throws {
    let database = try Database()
    for sql in [
      "CREATE VIRTUAL TABLE texts USING fts5(words)", "INSERT INTO texts VALUES ('one two')",
    ] {
      #expect(try await database.code(sql) == nil)
    }
    let found = try await database.execute("SELECT words FROM texts WHERE texts MATCH 'two'")
    #expect(found.rows == [[.text("one two")]])
    #expect(try await database.code("DROP TABLE texts") == nil)
  }

  @Test(
    "Table-valued functions serve those who may only read",
    arguments: [
      "SELECT value FROM json_each('[1]')", "SELECT atom FROM json_tree('[1]') WHERE atom",
      "SELECT 1 FROM pragma_table_info('things') LIMIT 1",
    ])
  func functions(sql: String) async throws {
    let database = try Database()
    #expect(try await database.execute(sql, [], .readOnly).rows == [[.integer(1)]])
    for access in [HranaAccess.readWrite, .readOnly] {
      let code = try await database.code("UPDATE sqlite_schema SET sql = ''", [], access)
      #expect(code != nil)
    }
    #expect(try await database.count() == 0)
  }

  @Test(
    "Nothing temporary stays on a connection for the next client",
    arguments: [
      "CREATE VIRTUAL TABLE temp.things USING fts5(x)", "CREATE TABLE temp.things (x)",
      "CREATE TEMP VIEW things AS SELECT 1",
      "CREATE VIRTUAL TABLE temp.things USING rtree(a, b, c)",
      "CREATE TEMP TRIGGER t AFTER INSERT ON things BEGIN SELECT 1; END",
    ])
  func temporary(sql: String) async throws {
    let database = try Database()
    #expect(try await database.code(sql) == "BLOCKED")
    #expect(try await database.count() == 0)
  }

  @Test("Numbers of rows that are given once are not given again")
  func sequence() async throws {
    let database = try Database()
    try database.run("CREATE TABLE log (sequence INTEGER PRIMARY KEY AUTOINCREMENT, x)")
    _ = try await database.execute("INSERT INTO log (x) VALUES (1)")
    for sql in [
      "UPDATE sqlite_sequence SET seq = 0", "DELETE FROM sqlite_sequence",
      "INSERT INTO sqlite_sequence VALUES ('log', 0)",
    ] {
      #expect(try await database.code(sql) == "BLOCKED")
    }
    for sql in [
      "DELETE FROM log", "INSERT INTO log (x) VALUES (2)", "ALTER TABLE log RENAME TO journal",
    ] {
      #expect(try await database.code(sql) == nil)
    }
    let rows = try await database.execute("SELECT sequence FROM journal").rows
    #expect(rows == [[.integer(2)]])
    #expect(try await database.code("DROP TABLE journal") == nil)
  }
}

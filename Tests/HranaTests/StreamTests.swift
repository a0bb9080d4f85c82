import Dispatch
import Hrana
import Testing

@testable import HranaSessions

@Suite("Streams and batons")
struct StreamTests {
  private static let insert = HranaRequest.execute(
    HranaStatement("INSERT INTO things DEFAULT VALUES"))
  private static let begin = HranaRequest.execute(HranaStatement("BEGIN IMMEDIATE"))

  /// The code with which a request is refused.
  private func refusal(
    _ database: Database, _ baton: String?, _ access: HranaAccess = .readWrite
  ) async throws -> String? {
    do {
      _ = try await database.send([.getAutocommit], baton: baton, access)
      return nil
    } catch let error as HranaRefusal {
      return error.error.code
    }
  }

  @Test("A transaction goes on over requests, and nobody sees it before it is committed")
  func transaction() async throws {
    let database = try Database()
    let first = try await database.send([Self.begin, Self.insert, .getAutocommit])
    #expect(first.results[2] == .ok(.getAutocommit(false)))
    #expect(try await database.count() == 0)
    let second = try await database.send(
      [Self.insert, .execute(HranaStatement("COMMIT")), .close], baton: first.baton)
    #expect(second.baton == nil)
    #expect(try await database.count() == 2)
    #expect(database.service.streamCount == 0)
  }

  @Test("A baton is good once, for those who may do the same")
  func batons() async throws {
    let database = try Database()
    let first = try await database.send([.getAutocommit])
    let baton = try #require(first.baton)
    #expect(try await refusal(database, baton, .readOnly) == "BATON_INVALID")
    let second = try await database.send([.getAutocommit], baton: baton)
    #expect(second.baton != baton)
    #expect(try await refusal(database, baton) == "BATON_INVALID")
    #expect(try await refusal(database, "guess") == "BATON_INVALID")
    #expect(try await refusal(database, second.baton) == nil)
  }

  @Test(
    "A stream that is closed with a transaction leaves nothing of it, and its connection is used again"
  )
  func closing() async throws {
    let database = try Database()
    _ = try await database.send([Self.begin, Self.insert, .close])
    let answer = try await database.send([.getAutocommit, .close])
    #expect(answer.results[0] == .ok(.getAutocommit(true)))
    #expect(try await database.count() == 0)
  }

  @Test("A silent stream expires, and what it has not committed is undone")
  func expiry() async throws {
    let database = try Database { $0.idleSeconds = 0.1 }
    let first = try await database.send([Self.begin, Self.insert])
    while database.service.streamCount > 0 { try await Task.sleep(for: .milliseconds(20)) }
    #expect(try await refusal(database, first.baton) == "STREAM_EXPIRED")
    #expect(try await database.count() == 0)
    #expect(try await database.code("INSERT INTO things DEFAULT VALUES") == nil)
  }

  @Test("A transaction that writes does not keep others out for long, one that reads may last")
  func transactionTime() async throws {
    let database = try Database {
      $0.transactionSeconds = 0.1
      $0.busySeconds = 60
    }
    let reader = try await database.send([
      .execute(HranaStatement("BEGIN")), .execute(HranaStatement("SELECT * FROM things")),
    ])
    let writer = try await database.send([Self.begin, Self.insert])
    // Waits until the other has been ended.
    #expect(try await database.code("INSERT INTO things DEFAULT VALUES") == nil)
    #expect(try await refusal(database, writer.baton) == "TRANSACTION_TIMEOUT")
    #expect(try await refusal(database, reader.baton) == nil)
    #expect(try await database.count() == 1)
  }

  @Test("More streams than there may be are refused for now")
  func bound() async throws {
    let database = try Database { $0.streamsMax = 2 }
    let first = try await database.send([.getAutocommit])
    _ = try await database.send([.getAutocommit])
    #expect(try await refusal(database, nil) == "STREAMS_EXHAUSTED")
    _ = try await database.send([.close], baton: first.baton)
    #expect(try await refusal(database, nil) == nil)
  }

  @Test("Many clients write at once, and each write is there once")
  func concurrency() async throws {
    let database = try Database { $0.busySeconds = 60 }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for client in 0..<8 {
        group.addTask {
          for number in 0..<25 {
            let insert = HranaStatement(
              "INSERT INTO things (name) VALUES (?1)", [.text("\(client)-\(number)")])
            let batch = HranaBatch(transaction: [insert], begin: "BEGIN IMMEDIATE")
            let answer = try await database.send([.batch(batch), .close])
            guard case .ok(.batch(let result)) = answer.results[0] else { continue }
            #expect(result.errors.allSatisfy { $0 == nil })
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await database.count() == 200)
    #expect(try await database.count("name IS NOT NULL") == 200)
  }

  @Test("A text of many statements is run to its end, or says where that is not read")
  func sequences() async throws {
    let database = try Database { $0.requestSeconds = 20 }
    let insert = "INSERT INTO things DEFAULT VALUES"
    let many = Array(repeating: insert, count: 300).joined(separator: "; -- ü\n") + " ;; "
    let answer = try await database.send([.sequence(.sql(many)), .close])
    #expect(answer.results[0] == .ok(.sequence))
    #expect(try await database.count() == 300)
    let cut = try await database.send([.sequence(.sql(insert + ";\u{0}" + insert)), .close])
    guard case .error(let error) = cut.results[0] else {
      Issue.record("no error")
      return
    }
    #expect(error.code == "SQL_ZERO_BYTE")
    #expect(try await database.count() == 301)
    #expect(try await database.code("SELECT 1; ") == nil)
    #expect(try await database.code("SELECT 1; SELECT 2") == "SQL_MANY_STATEMENTS")
    #expect(try await database.code(" -- nothing") == "SQL_NO_STATEMENT")
  }

  // MARK: - Cursors

  private func entries(_ cursor: HranaCursor) async throws -> [HranaCursorEntry] {
    var text = ""
    while let lines = try await cursor.next() { text += String(decoding: lines, as: UTF8.self) }
    return try text.split(separator: "\n").map { try HranaCursorEntry(text: String($0)) }
  }

  @Test("A cursor gives many rows piece by piece, and then the stream goes on")
  func cursor() async throws {
    let database = try Database()
    let rows = HranaStatement(
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 20000) SELECT x FROM c"
    )
    let batch = HranaBatch([
      .init(rows), .init(HranaStatement("SELECT missing")),
      .init(HranaStatement("SELECT 1"), if: .ok(step: 1)),
      .init(HranaStatement("INSERT INTO things DEFAULT VALUES"), if: .error(step: 1)),
    ])
    let cursor = try await database.service.cursor(HranaCursorRequest(batch), access: .readWrite)
    let first = String(decoding: try #require(try await cursor.next()), as: UTF8.self)
    #expect(first.utf8.count < 300_000)
    #expect(try await refusal(database, cursor.baton) == "BATON_IN_USE")
    let rest = try await entries(cursor)
    var count = first.split(separator: "\n").count + rest.count
    #expect(rest.last == .stepEnd(affectedRowCount: 1, lastInsertRowID: 1))
    let failed = rest.contains {
      if case .stepError(step: 1, let error) = $0 {
        error.message.contains("missing")
      } else {
        false
      }
    }
    #expect(failed)
    // Beginnings and ends of two steps, and an error.
    count -= 5
    #expect(count == 20_000)
    #expect(try await refusal(database, cursor.baton) == nil)
  }

  @Test("A cursor that is left ends its stream")
  func abandoned() async throws {
    let database = try Database()
    let endless = HranaStatement(
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c")
    let cursor = try await database.service.cursor(
      HranaCursorRequest(HranaBatch([.init(endless)])), access: .readOnly)
    _ = try await cursor.next()
    cursor.abandon()
    // What was cut off is not taken for whole.
    await #expect(throws: HranaRefusal.self) { try await cursor.next() }
    while database.service.streamCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
    #expect(try await refusal(database, cursor.baton, .readOnly) == "BATON_INVALID")
  }

  @Test("A cursor that is given up while it waits for its thread begins no step any more")
  func abandonedInTurn() async throws {
    let database = try Database()
    let session = try await database.service.take(nil, .readWrite)
    let insert = HranaStatement("INSERT INTO things DEFAULT VALUES")
    let cursor = HranaCursor(
      CursorRun(HranaBatch([.init(insert)]), session: session), session: session, baton: "test",
      service: database.service)
    let gate = DispatchSemaphore(value: 0)
    let holding = Task { await session.run(seconds: 60) { _ in gate.wait() } }
    try await Task.sleep(for: .milliseconds(100))
    // It has seen that the cursor is open, and is behind what holds the thread.
    let lines = Task { try await cursor.next() }
    try await Task.sleep(for: .milliseconds(300))
    cursor.abandon()
    gate.signal()
    await holding.value
    await #expect(throws: HranaRefusal.self) { try await lines.value }
    while database.service.streamCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
    #expect(try await database.count() == 0)
  }
}

import Hrana
import TestSupport
import Testing

@testable import HranaSessions

@Suite("Bounds of answers and of locks")
struct BoundTests {
  private static func isTooLarge(_ result: HranaResult) -> Bool {
    if case .error(let error) = result { error.code == "RESPONSE_TOO_LARGE" } else { false }
  }

  @Test("The requests of a pipeline share the room of one answer")
  func pipeline() async throws {
    let database = try Database { $0.responseBytesMax = 10_000 }
    let rows = HranaRequest.execute(HranaStatement("SELECT zeroblob(3000)"))
    let answer = try await database.send([rows, rows, rows, rows, .close])
    #expect(answer.results.map(Self.isTooLarge) == [false, false, true, true, false])
    // The next answer has room anew.
    #expect(try await database.code("SELECT zeroblob(3000)") == nil)
  }

  @Test("A row is measured before it is copied, also one of a cursor")
  func rows() async throws {
    let database = try Database { $0.responseBytesMax = 10_000 }
    let wide = "SELECT " + Array(repeating: "zeroblob(4000)", count: 20).joined(separator: ", ")
    #expect(try await database.code(wide) == "RESPONSE_TOO_LARGE")
    let cursor = try await database.service.cursor(
      HranaCursorRequest(HranaBatch([.init(HranaStatement(wide))])), access: .readOnly)
    var text = ""
    while let lines = try await cursor.next() { text += String(decoding: lines, as: UTF8.self) }
    #expect(text.contains("RESPONSE_TOO_LARGE"))
    #expect(text.utf8.count < 10_000)
    let columns = "SELECT " + Array(repeating: "1", count: 257).joined(separator: ", ")
    #expect(try await database.code(columns) != nil)
  }

  @Test("Errors and empty results are not without end either")
  func errors() async throws {
    let database = try Database { $0.responseBytesMax = 10_000 }
    var missing = HranaStatement("")
    missing.sql = .stored(1)
    let batch = HranaBatch(Array(repeating: .init(missing), count: 20_000))
    let answer = try await database.send([.batch(batch)])
    #expect(answer.results.map(Self.isTooLarge) == [true])
    let cursor = try await database.service.cursor(HranaCursorRequest(batch), access: .readOnly)
    let first = String(decoding: try #require(try await cursor.next()), as: UTF8.self)
    #expect(first.utf8.count < 300_000)
    cursor.abandon()
  }

  @Test("A transaction is undone by its own batch when its rows are too many")
  func undo() async throws {
    let database = try Database { $0.responseBytesMax = 10_000 }
    let batch = HranaBatch(
      transaction: [
        HranaStatement("INSERT INTO things DEFAULT VALUES", wantsRows: false),
        HranaStatement("SELECT zeroblob(20000)"),
      ], begin: "BEGIN IMMEDIATE")
    let answer = try await database.send([.batch(batch), .getAutocommit])
    #expect(answer.results[1] == .ok(.getAutocommit(true)))
    #expect(try await database.count() == 0)
  }

  @Test("A transaction is undone by its own batch when its small rows use up the room")
  func undoManyRows() async throws {
    let database = try Database { $0.responseBytesMax = 10_000 }
    let batch = HranaBatch(
      transaction: [
        HranaStatement("INSERT INTO things DEFAULT VALUES", wantsRows: false),
        HranaStatement(Self.endless + " LIMIT 10000"),
      ], begin: "BEGIN IMMEDIATE")
    let answer = try await database.send([.batch(batch), .getAutocommit])
    #expect(answer.results[1] == .ok(.getAutocommit(true)))
    #expect(try await database.count() == 0)
  }

  private static let endless =
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c"

  @Test("A cursor that is read slowly does not keep others from writing")
  func slowCursor() async throws {
    let batch = HranaBatch([
      .init(HranaStatement("BEGIN IMMEDIATE")), .init(HranaStatement(Self.endless)),
    ])
    try await withEnoughTime(from: 0.3) { seconds in
      let database = try Database {
        $0.transactionSeconds = seconds
        $0.busySeconds = 600
      }
      let cursor = try await database.service.cursor(
        HranaCursorRequest(batch), access: .readWrite)
      do {
        _ = try await cursor.next()
      } catch is HranaRefusal {
        throw TooLittleTime()
      }
      // Waits until the cursor's stream has been ended.
      #expect(try await database.code("INSERT INTO things DEFAULT VALUES") == nil)
      await #expect(throws: HranaRefusal.self) { try await cursor.next() }
    }
  }

  @Test("A request in a transaction that writes gets no more time than is left for it")
  func lateRequest() async throws {
    let count = "SELECT max(x) FROM (\(Self.endless))"
    try await withEnoughTime(from: 1) { seconds in
      // By itself a request may take ten minutes.
      let database = try Database {
        $0.transactionSeconds = seconds
        $0.requestSeconds = 600
      }
      let first = try await database.send([.execute(HranaStatement("BEGIN IMMEDIATE"))])
      let start = ContinuousClock.now
      let answer: HranaPipelineResponse
      do {
        answer = try await database.send(
          [.execute(HranaStatement(count)), .close], baton: first.baton)
      } catch let refusal as HranaRefusal where refusal.error.code == "TRANSACTION_TIMEOUT" {
        throw TooLittleTime()
      }
      guard case .error(let error) = answer.results[0] else {
        Issue.record("no error")
        return
      }
      #expect(error.code == "SQLITE_INTERRUPT")
      #expect(ContinuousClock.now - start < .seconds(seconds + 60))
    }
  }

  @Test("A stream ends after its time, however often its client asks")
  func streamTime() async throws {
    let database = try Database { $0.streamSeconds = 0.3 }
    var baton: String?
    await #expect(throws: HranaRefusal.self) {
      for _ in 0..<200 {
        baton = try await database.send([.getAutocommit], baton: baton).baton
        try await Task.sleep(for: .milliseconds(20))
      }
    }
    #expect(baton != nil)
  }

  @Test("A connection that was kept long begins a stream anew")
  func keptLong() async throws {
    // Between the requests the machine may be busy with others.
    let database = try Database { $0.streamSeconds = 3 }
    _ = try await database.send([.close])
    try await Task.sleep(for: .milliseconds(3300))
    let baton = try #require(try await database.send([.getAutocommit]).baton)
    let answer = try await database.send([.getAutocommit], baton: baton)
    #expect(answer.results == [.ok(.getAutocommit(true))])
  }

  @Test("Clients that may only read leave streams to those that write")
  func readers() async throws {
    let database = try Database {
      $0.streamsMax = 6
      $0.readerStreamsMax = 3
    }
    var batons: [String?] = []
    for _ in 0..<3 { batons.append(try await database.send([.getAutocommit], .readOnly).baton) }
    let refusal = await #expect(throws: HranaRefusal.self) {
      try await database.send([.getAutocommit], .readOnly)
    }
    #expect(refusal?.error.code == "STREAMS_EXHAUSTED")
    for _ in 0..<3 { _ = try await database.send([.getAutocommit], .readWrite) }
    // One that ends makes room, however it ends.
    _ = try await database.send([.close], baton: batons[0], .readOnly)
    _ = try await database.send([.execute(HranaStatement("SELECT 1")), .close], .readOnly)
    _ = try await database.send([.getAutocommit], .readOnly)
    await #expect(throws: HranaRefusal.self) {
      try await database.send([.getAutocommit], .readOnly)
    }
  }
}

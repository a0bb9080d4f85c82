import Episodes
import Testing

@testable import Hrana

@Suite("The wire of Hrana")
struct WireTests {
  @Test(
    "A value comes back as it was sent",
    arguments: [
      HranaValue.null, .integer(.max), .integer(.min), .integer(9_007_199_254_740_993), .float(0.1),
      .float(5e-324), .float(.greatestFiniteMagnitude), .float(3), .text(""),
      .text("é 😀 \u{0}\n\"\\"), .blob([]), .blob([0]), .blob([0, 255]), .blob([1, 2, 3]),
    ])
  func values(value: HranaValue) throws {
    #expect(try HranaValue(text: value.text) == value)
  }

  @Test("Minus zero keeps its sign")
  func minusZero() throws {
    guard case .float(let zero) = try HranaValue(text: HranaValue.float(-0.0).text) else {
      Issue.record("no float")
      return
    }
    #expect(zero.sign == .minus)
  }

  @Test("Integers travel as texts, and blobs without padding")
  func forms() {
    #expect(HranaValue.integer(-7).text == #"{"type":"integer","value":"-7"}"#)
    #expect(HranaValue.blob([1]).text == #"{"type":"blob","base64":"AQ"}"#)
  }

  @Test("A blob is read with and without padding, an integer as a text or a number")
  func leniency() throws {
    #expect(try HranaValue(text: #"{"type":"blob","base64":"AQ=="}"#) == .blob([1]))
    #expect(try HranaValue(text: #"{"type":"blob","base64":"AQ"}"#) == .blob([1]))
    #expect(try HranaValue(text: #"{"type":"integer","value":5}"#) == .integer(5))
    #expect(try HranaValue(text: #"{"type":"float","value":5}"#) == .float(5))
    #expect(try HranaValue(text: #"{"type":"null","of":"later"}"#) == .null)
  }

  @Test(
    "A float that is not finite is sent as null, and read as no number",
    arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(number: Double) throws {
    let text = HranaValue.float(number).text
    #expect(text == #"{"type":"float","value":null}"#)
    guard case .float(let found) = try HranaValue(text: text) else {
      Issue.record("no float")
      return
    }
    #expect(found.isNaN)
  }

  @Test(
    "What is no value is refused with the field",
    arguments: [
      (#"{"type":"integer","value":"9223372036854775808"}"#, "value"),
      (#"{"type":"integer","value":"1.5"}"#, "value"), (#"{"type":"integer"}"#, "value"),
      (#"{"type":"float","value":"1"}"#, "value"), (#"{"type":"text"}"#, "value"),
      (#"{"type":"blob","base64":"A"}"#, "base64"), (#"{"type":"blob","base64":"*"}"#, "base64"),
      (#"{"type":"date"}"#, "type"), (#"[]"#, ""), ("{", ""),
    ])
  func badValues(text: String, path: String) throws {
    let error = try #require(throws: HranaFormatError.self) { try HranaValue(text: text) }
    #expect(error.path == path)
  }

  @Test("Requests come back as they were sent")
  func requests() throws {
    var stored = HranaStatement("", [.integer(1)], wantsRows: false)
    stored.sql = .stored(3)
    let named = HranaStatement("SELECT :a", named: [.init(name: "a", value: .text("x"))])
    let condition = HranaCondition.and([
      .or([.ok(step: 0), .error(step: 0)]), .not(.ok(step: 0)), .isAutocommit,
    ])
    let request = HranaPipelineRequest(
      baton: "b",
      [
        .execute(named), .execute(stored),
        .batch(HranaBatch([.init(named), .init(stored, if: condition)])),
        .sequence(.sql("SELECT 1; SELECT 2")), .describe(.stored(3)),
        .storeSQL(id: 3, sql: "SELECT ?"), .closeSQL(id: 3), .getAutocommit, .close,
      ])
    #expect(try HranaPipelineRequest(text: request.text) == request)
    let cursor = HranaCursorRequest(HranaBatch(transaction: [named, stored], begin: "BEGIN"))
    #expect(try HranaCursorRequest(text: cursor.text) == cursor)
  }

  @Test("Answers come back as they were sent")
  func answers() throws {
    let result = HranaStatementResult(
      columns: [.init(name: "a", declaredType: "TEXT"), .init(name: nil, declaredType: nil)],
      rows: [[.text("x"), .null]], affectedRowCount: 2, lastInsertRowID: .max)
    let error = HranaError("SQLITE_CONSTRAINT", "no", extendedCode: "SQLITE_CONSTRAINT_UNIQUE")
    let description = HranaDescription(
      parameters: ["?1", nil], columns: result.columns, isExplain: false, isReadOnly: true)
    let response = HranaPipelineResponse(
      baton: nil, baseURL: "https://other",
      results: [
        .ok(.execute(result)),
        .ok(.batch(.init(results: [result, nil, nil], errors: [nil, error, nil]))),
        .ok(.sequence), .ok(.describe(description)), .ok(.storeSQL), .ok(.closeSQL),
        .ok(.getAutocommit(false)), .ok(.close), .error(error),
      ])
    #expect(try HranaPipelineResponse(text: response.text) == response)
    let entries: [HranaCursorEntry] = [
      .stepBegin(step: 1, columns: result.columns), .row([.integer(1)]),
      .stepEnd(affectedRowCount: 1, lastInsertRowID: nil), .stepError(step: 2, error),
      .error(error),
    ]
    for entry in entries { #expect(try HranaCursorEntry(text: entry.text) == entry) }
    #expect(try HranaCursorEntry(text: #"{"type":"replication_index"}"#) == .other)
  }

  @Test(
    "What is wrong with a request is said with its place",
    arguments: [
      (#"{"requests":[{"type":"close"},{"type":"fly"}]}"#, "requests[1].type"),
      (#"{"requests":[{"type":"execute","stmt":{}}]}"#, "requests[0].stmt.sql"),
      (
        #"{"requests":[{"type":"execute","stmt":{"sql":"x","args":[{"type":"null"},5]}}]}"#,
        "requests[0].stmt.args[1]"
      ), (#"{"requests":{}}"#, "requests"), (#"{"baton":5,"requests":[]}"#, "baton"),
    ])
  func badRequests(text: String, path: String) throws {
    let error = try #require(throws: HranaFormatError.self) { try HranaPipelineRequest(text: text) }
    #expect(error.path == path)
  }

  @Test("A condition may look at steps before its own only")
  func conditionsLookBack() throws {
    let step = HranaBatch.Step(HranaStatement("SELECT 1"), if: .not(.ok(step: 0)))
    #expect(throws: HranaFormatError.self) { try HranaBatch(text: HranaBatch([step]).text) }
    _ = try HranaBatch(text: HranaBatch([.init(HranaStatement("SELECT 1")), step]).text)
  }

  @Test("What is nested too deep is refused, however deep")
  func depth() {
    let opened = String(repeating: #"{"type":"not","cond":"#, count: 100_000)
    #expect(throws: HranaFormatError.self) { try HranaCondition(text: opened) }
  }

  @Test("A batch as a transaction commits when all went well, and else undoes what it has begun")
  func transaction() throws {
    let batch = HranaBatch(
      transaction: [HranaStatement("a"), HranaStatement("b")], begin: "BEGIN IMMEDIATE")
    func run(failing: Int?) -> [String] {
      var outcomes: [HranaCondition.Outcome] = []
      var ran: [String] = []
      for (index, step) in batch.steps.enumerated() {
        let isAutocommit = !ran.contains("BEGIN IMMEDIATE") || ran.contains("COMMIT")
        guard step.condition?.holds(outcomes, isAutocommit: isAutocommit) ?? true else {
          outcomes.append(.skipped)
          continue
        }
        outcomes.append(index == failing ? .error : .ok)
        if index != failing, case .sql(let sql) = step.statement.sql { ran.append(sql) }
      }
      return ran
    }
    #expect(run(failing: nil) == ["BEGIN IMMEDIATE", "a", "b", "COMMIT"])
    #expect(run(failing: 0) == [])
    #expect(run(failing: 1) == ["BEGIN IMMEDIATE", "ROLLBACK"])
    #expect(run(failing: 2) == ["BEGIN IMMEDIATE", "a", "ROLLBACK"])
    #expect(run(failing: 3) == ["BEGIN IMMEDIATE", "a", "b", "ROLLBACK"])
  }
}

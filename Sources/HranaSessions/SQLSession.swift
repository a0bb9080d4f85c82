internal import Dispatch
internal import GRDBSQLite
internal import Hrana
internal import Platform

/// A stream of a client: its connection, the texts it has stored, and a thread that may block.
///
/// SAFETY: `@unchecked`: one request at a time has a session; it uses it on the queue, or between its runs there.
final class SQLSession: @unchecked Sendable {
  let access: HranaAccess
  /// Which file it has open.
  let file: FileIdentity?
  let connection: SQLConnection
  private(set) var storedTexts: [Int: String] = [:]
  /// Whether the client has closed the stream.
  private(set) var isClosed = false
  /// Since when a transaction that writes has been open.
  private(set) var writingSince: ContinuousClock.Instant?
  /// When its client has got it.
  private(set) var openedAt = ContinuousClock.now
  /// Bytes that the answer at work may still take.
  private var room = 0
  private let queue: DispatchQueue

  /// Bytes that errors and empty results may take beyond the room, so that a transaction can still be undone.
  private static let reserveBytes = 1 << 20

  private init(
    _ connection: SQLConnection, access: HranaAccess, file: FileIdentity?, queue: DispatchQueue
  ) {
    self.connection = connection
    self.access = access
    self.file = file
    self.queue = queue
  }

  /// Opens the database, on a thread of the session's own.
  static func open(
    path: String, access: HranaAccess, keptByTriggers: Set<String>, limits: HranaLimits
  ) async throws(HranaError) -> SQLSession {
    let queue = DispatchQueue(label: "engram.hrana.session")
    let opened: Result<SQLSession, HranaError> = await withCheckedContinuation { continuation in
      queue.async {
        let file = FileIdentity(path: path)
        do throws(HranaError) {
          let connection = try SQLConnection(
            path: path, access: access, keptByTriggers: keptByTriggers, limits: limits)
          continuation.resume(
            returning: .success(SQLSession(connection, access: access, file: file, queue: queue)))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try opened.get()
  }

  /// Runs `body` on the session's thread. A task that is cancelled breaks off what it runs.
  ///
  /// - Parameter seconds: how long it may take.
  func run<Value: Sendable>(
    seconds: Double, _ body: @escaping @Sendable (SQLSession) -> Value
  ) async -> Value {
    let watch = connection.watch
    let number = watch.takeNumber()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        queue.async {
          // A transaction that keeps others from writing gets no time anew.
          let left = self.writingSince.map { since in
            self.connection.limits.transactionSeconds - (ContinuousClock.now - since) / .seconds(1)
          }
          watch.begin(number, seconds: max(0, min(seconds, left ?? seconds)))
          let value = body(self)
          self.noteTransaction()
          continuation.resume(returning: value)
        }
      }
    } onCancel: {
      watch.cancel(number)
    }
  }

  private func noteTransaction() {
    if !connection.isWriting {
      writingSince = nil
    } else if writingSince == nil {
      writingSince = .now
    }
  }

  /// Makes a closed one ready for another client.
  func reopen() {
    isClosed = false
    storedTexts = [:]
  }

  /// A client has got it: its time begins. Nobody else has it yet.
  func begin() { openedAt = .now }

  /// Undoes what is not committed, and closes the connection as soon as nobody has the session.
  func end() {
    queue.async { self.connection.rollBack() }
  }

  /// Whether what it runs must end.
  var isOver: Bool { connection.watch.isOver }

  // MARK: - Requests, on the session's thread

  /// The results of requests, which share the room of one answer.
  func answer(_ requests: [HranaRequest]) -> [HranaResult] {
    room = connection.limits.responseBytesMax
    return requests.map { request in
      do throws(HranaError) {
        return .ok(try response(to: request))
      } catch {
        room -= Self.byteCount(error)
        return .error(error)
      }
    }
  }

  private static func byteCount(_ error: HranaError) -> Int { 64 + error.message.utf8.count }

  private func take(_ bytes: Int) throws(HranaError) {
    // What takes nothing is let through: the end of a transaction that used up the room.
    guard bytes == 0 || bytes <= room else { throw .responseTooLarge }
    room -= bytes
  }

  /// Takes the bytes of the columns' names and types.
  func take(_ columns: [HranaStatementResult.Column]) throws(HranaError) {
    let bytes = columns.reduce(0) { sum, column in
      sum + 64 + (column.name?.utf8.count ?? 0) + (column.declaredType?.utf8.count ?? 0)
    }
    try take(bytes)
  }

  private func response(to request: HranaRequest) throws(HranaError) -> HranaResponse {
    if isClosed { throw .closed }
    switch request {
    case .execute(let statement):
      return .execute(try execute(statement))
    case .batch(let batch): return .batch(try run(batch))
    case .sequence(let sql):
      try runSequence(try text(sql))
      return .sequence
    case .describe(let sql): return .describe(try describe(try text(sql)))
    case .storeSQL(let id, let sql):
      try store(sql, id: id)
      return .storeSQL
    case .closeSQL(let id):
      storedTexts[id] = nil
      return .closeSQL
    case .getAutocommit: return .getAutocommit(connection.isAutocommit)
    case .close:
      connection.rollBack()
      isClosed = true
      return .close
    }
  }

  func text(_ sql: SQLText) throws(HranaError) -> String {
    switch sql {
    case .sql(let sql): return sql
    case .stored(let id):
      guard let sql = storedTexts[id] else {
        throw HranaError("SQL_NOT_FOUND", "no SQL is stored on this stream as \(id)")
      }
      return sql
    }
  }

  private func store(_ sql: String, id: Int) throws(HranaError) {
    let limits = connection.limits
    guard storedTexts[id] == nil else {
      throw HranaError("SQL_ID_EXISTS", "SQL is stored on this stream as \(id) already")
    }
    guard sql.utf8.count <= limits.storedTextBytesMax else {
      throw .sqlTooLong(sql.utf8.count, max: limits.storedTextBytesMax)
    }
    guard storedTexts.count < limits.storedTextsMax else {
      throw HranaError(
        "SQL_STORE_TOO_LARGE", "\(limits.storedTextsMax) texts are stored on this stream already")
    }
    storedTexts[id] = sql
  }

  private func execute(
    _ statement: HranaStatement
  ) throws(HranaError) -> HranaStatementResult {
    if isOver { throw .tooSlow }
    let compiled = try connection.statement(try text(statement.sql))
    defer { compiled.reset() }
    try compiled.bind(statement)
    var result = HranaStatementResult(columns: compiled.columns)
    try take(result.columns)
    while try compiled.step() {
      guard statement.wantsRows else { continue }
      try take(compiled.rowByteCount)
      result.rows.append(compiled.row)
    }
    note(&result, compiled)
    return result
  }

  func note(_ result: inout HranaStatementResult, _ compiled: SQLCompiledStatement) {
    guard compiled.changesRows else { return }
    result.affectedRowCount = Int(sqlite3_changes64(connection.handle))
    result.lastInsertRowID = sqlite3_last_insert_rowid(connection.handle)
  }

  /// - Throws: `HranaError` when the errors and empty results alone are too many; a transaction of the batch stays open
  ///   then, as after any request.
  private func run(_ batch: HranaBatch) throws(HranaError) -> HranaBatchResult {
    var result = HranaBatchResult()
    var outcomes: [HranaCondition.Outcome] = []
    for step in batch.steps {
      room -= 64
      guard room >= -Self.reserveBytes else { throw .responseTooLarge }
      let condition = step.condition
      guard condition?.holds(outcomes, isAutocommit: connection.isAutocommit) ?? true else {
        outcomes.append(.skipped)
        result.results.append(nil)
        result.errors.append(nil)
        continue
      }
      do throws(HranaError) {
        result.results.append(try execute(step.statement))
        result.errors.append(nil)
        outcomes.append(.ok)
      } catch {
        room -= Self.byteCount(error)
        result.results.append(nil)
        result.errors.append(error)
        outcomes.append(.error)
      }
    }
    return result
  }
}

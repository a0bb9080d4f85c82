internal import Episodes
internal import Hrana

/// A batch that is run as fast as its client takes the rows. Used on the thread of its session.
///
/// SAFETY: `@unchecked`: as the session.
final class CursorRun: @unchecked Sendable {
  private let session: SQLSession
  private let batch: HranaBatch
  private var outcomes: [HranaCondition.Outcome] = []
  private var current: SQLCompiledStatement?

  init(_ batch: HranaBatch, session: SQLSession) {
    self.batch = batch
    self.session = session
  }

  /// Goes on for about so many bytes.
  ///
  /// - Returns: lines, and whether they are the last.
  func next(bytes: Int) -> (lines: String, isLast: Bool) {
    var writer = JSONWriter(reservingBytes: bytes + 4096)
    var room = bytes
    while room > 0 {
      if current == nil, !begin(&writer) { return (writer.text, true) }
      guard let statement = current else { continue }
      do throws(HranaError) {
        if session.isOver { throw .tooSlow }
        guard try statement.step() else {
          end(statement, &writer)
          continue
        }
        guard batch.steps[outcomes.count].statement.wantsRows else { continue }
        let row = statement.row
        for value in row { room -= value.byteCount }
        write(.row(row), &writer)
      } catch {
        fail(error, &writer)
      }
    }
    return (writer.text, false)
  }

  /// Leaves the statement it stands on.
  func abandon() {
    current?.reset()
    current = nil
  }

  /// Begins the next step whose condition holds.
  ///
  /// - Returns: false when there is none.
  private func begin(_ writer: inout JSONWriter) -> Bool {
    while outcomes.count < batch.steps.count {
      let step = batch.steps[outcomes.count]
      let isAutocommit = session.connection.isAutocommit
      guard step.condition?.holds(outcomes, isAutocommit: isAutocommit) ?? true else {
        outcomes.append(.skipped)
        continue
      }
      do throws(HranaError) {
        let statement = try session.connection.statement(try session.text(step.statement.sql))
        current = statement
        try statement.bind(step.statement)
        write(.stepBegin(step: outcomes.count, columns: statement.columns), &writer)
        return true
      } catch {
        fail(error, &writer)
      }
    }
    return false
  }

  private func end(_ statement: SQLCompiledStatement, _ writer: inout JSONWriter) {
    var result = HranaStatementResult()
    session.note(&result, statement)
    abandon()
    outcomes.append(.ok)
    write(
      .stepEnd(
        affectedRowCount: result.affectedRowCount, lastInsertRowID: result.lastInsertRowID),
      &writer)
  }

  private func fail(_ error: HranaError, _ writer: inout JSONWriter) {
    abandon()
    write(.stepError(step: outcomes.count, error), &writer)
    outcomes.append(.error)
  }

  private func write(_ entry: HranaCursorEntry, _ writer: inout JSONWriter) {
    entry.write(to: &writer)
    writer.raw("\n")
  }
}

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
  /// Bytes that the lines at work may still take.
  private var room = 0

  init(_ batch: HranaBatch, session: SQLSession) {
    self.batch = batch
    self.session = session
  }

  /// Goes on for about so many bytes.
  ///
  /// - Returns: lines, and whether they are the last.
  func next(bytes: Int) -> (lines: [UInt8], isLast: Bool) {
    var writer = JSONWriter(reservingBytes: bytes + 4096)
    room = bytes
    while room > 0 {
      guard let statement = current else {
        if outcomes.count >= batch.steps.count { return (writer.utf8, true) }
        begin(&writer)
        continue
      }
      do throws(HranaError) {
        if session.isOver { throw .tooSlow }
        guard try statement.step() else {
          end(statement, &writer)
          continue
        }
        guard batch.steps[outcomes.count].statement.wantsRows else { continue }
        let rowBytes = statement.rowByteCount
        guard rowBytes <= session.connection.limits.responseBytesMax * 2 else {
          throw .responseTooLarge
        }
        room -= rowBytes
        writer.raw(#"{"type":"row","row":"#)
        statement.writeRow(to: &writer)
        writer.raw("}\n")
      } catch {
        fail(error, &writer)
      }
    }
    return (writer.utf8, false)
  }

  /// Leaves the statement it stands on.
  func abandon() {
    current?.reset()
    current = nil
  }

  /// Begins the next step, if its condition holds.
  private func begin(_ writer: inout JSONWriter) {
    let step = batch.steps[outcomes.count]
    let isAutocommit = session.connection.isAutocommit
    guard step.condition?.holds(outcomes, isAutocommit: isAutocommit) ?? true else {
      outcomes.append(.skipped)
      return
    }
    do throws(HranaError) {
      if session.isOver { throw .tooSlow }
      let statement = try session.connection.statement(try session.text(step.statement.sql))
      current = statement
      try statement.bind(step.statement)
      let columns = statement.columns
      room -= columns.reduce(64) { sum, column in
        sum + 64 + (column.name?.utf8.count ?? 0) + (column.declaredType?.utf8.count ?? 0)
      }
      write(.stepBegin(step: outcomes.count, columns: columns), &writer)
    } catch {
      fail(error, &writer)
    }
  }

  private func end(_ statement: SQLCompiledStatement, _ writer: inout JSONWriter) {
    var result = HranaStatementResult()
    session.note(&result, statement)
    abandon()
    outcomes.append(.ok)
    room -= 64
    write(
      .stepEnd(
        affectedRowCount: result.affectedRowCount, lastInsertRowID: result.lastInsertRowID),
      &writer)
  }

  private func fail(_ error: HranaError, _ writer: inout JSONWriter) {
    abandon()
    room -= 64 + error.message.utf8.count
    write(.stepError(step: outcomes.count, error), &writer)
    outcomes.append(.error)
  }

  private func write(_ entry: HranaCursorEntry, _ writer: inout JSONWriter) {
    entry.write(to: &writer)
    writer.raw("\n")
  }
}

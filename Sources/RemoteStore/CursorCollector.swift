internal import DurableStore
internal import Hrana

/// Puts the lines of a cursor's answer together to results.
struct CursorCollector {
  private let statementCount: Int
  private(set) var head: HranaCursorResponse?
  private var results: [SQLResult] = []
  private var current: SQLResult?
  private var failure: SQLError?

  init(statementCount: Int) { self.statementCount = statementCount }

  /// - Throws: `SQLError` for a line that cannot be, or tells of an error.
  mutating func take(_ line: UnsafeRawBufferPointer) throws(SQLError) {
    do throws(HranaFormatError) {
      guard head != nil else {
        head = try HranaCursorResponse(bytes: line)
        return
      }
      take(try HranaCursorEntry(bytes: line))
    } catch {
      throw .unreachable("the server's answer cannot be read: \(error)")
    }
  }

  private mutating func take(_ entry: HranaCursorEntry) {
    switch entry {
    case .stepBegin(let step, let columns):
      guard step == results.count, current == nil, failure == nil else { return disorder() }
      current = SQLResult(columns: columns.map { $0.name ?? "" })
    case .row(let values):
      guard let count = current?.columns.count, count == values.count else { return disorder() }
      current?.rows.append(values.map(SQLValue.init))
    case .stepEnd(let affectedRowCount, let rowID):
      guard var result = current else { return disorder() }
      result.affectedRowCount = affectedRowCount
      result.lastInsertRowID = rowID ?? 0
      results.append(result)
      current = nil
    case .stepError(let step, let error):
      failure = failure ?? SQLError(error, statementIndex: step)
      current = nil
    case .error(let error): failure = failure ?? SQLError(error)
    case .other: break
    }
  }

  private mutating func disorder() {
    failure = failure ?? .unreachable("the server's rows come in another order than they should")
  }

  /// - Throws: `SQLError` when a statement failed, or the answer was cut off.
  func finish() throws(SQLError) -> [SQLResult] {
    if let failure { throw failure }
    guard head != nil, results.count == statementCount else {
      throw .unreachable("the server's answer was cut off")
    }
    return results
  }
}

internal import DurableStore
internal import Hrana

/// Hands the rows in the lines of a cursor's answer to a sink.
struct RowTransfer<Sink: RowSink> {
  private var sink: Sink
  private let firstStep: Int
  private let queryCount: Int
  private(set) var head: HranaCursorResponse?
  /// The step that is under way, and its columns.
  private var current: (step: Int, columnCount: Int)?
  private var endedQueryCount = 0
  private var failure: SQLError?
  private var isSuited = true
  private var takesMore = true
  private var row = HranaRow()
  private var cells: [RowCell] = []

  /// - Parameter firstStep: of the queries; those before it bring no rows.
  init(_ sink: Sink, firstStep: Int, queryCount: Int) {
    self.sink = sink
    self.firstStep = firstStep
    self.queryCount = queryCount
  }

  /// Whether any line that comes still matters.
  var wantsMore: Bool { isSuited && takesMore && failure == nil }

  /// - Throws: `SQLError` for a line that cannot be.
  mutating func take(_ line: UnsafeRawBufferPointer) throws(SQLError) {
    if head != nil, row.read(line) { return takeRow(of: line) }
    do throws(HranaFormatError) {
      guard head != nil else {
        head = try HranaCursorResponse(bytes: line)
        return
      }
      switch try HranaCursorEntry(bytes: line) {
      case .row(let values):
        row.take(values)
        takeRow(of: line)
      case .stepBegin(let step, let columns):
        if step > firstStep + endedQueryCount { disorder() }
        current = (step, columns.count)
      case .stepEnd:
        if let current, current.step == firstStep + endedQueryCount { endedQueryCount += 1 }
        current = nil
      case .stepError(_, let error), .error(let error): failure = failure ?? SQLError(error)
      case .other: break
      }
    } catch {
      throw .unreachable("the server's answer cannot be read: \(error)")
    }
  }

  private mutating func takeRow(of line: UnsafeRawBufferPointer) {
    guard let current, current.step == firstStep + endedQueryCount,
      row.contents.count == current.columnCount
    else { return disorder() }
    // What comes after is left for the next page.
    guard wantsMore else { return }
    do throws(RowColumns.Unsuited) {
      takesMore = try hand(line, of: current.step - firstStep)
    } catch {
      isSuited = false
    }
  }

  private mutating func disorder() {
    failure = failure ?? .unreachable("the server's rows come in another order than they should")
  }

  private mutating func hand(
    _ line: UnsafeRawBufferPointer, of query: Int
  ) throws(RowColumns.Unsuited) -> Bool {
    let result = row.beside.withUnsafeBytes { beside in
      func bytes(_ all: UnsafeRawBufferPointer, _ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: all[range])
      }
      cells.removeAll(keepingCapacity: true)
      for content in row.contents {
        let cell: RowCell =
          switch content {
          case .null: .null
          case .integer(let integer): .integer(integer)
          case .float(let number): .real(number)
          case .text(let range): .text(bytes(line, range))
          case .textBeside(let range): .text(bytes(beside, range))
          case .blob(let range): .blob(bytes(beside, range))
          }
        cells.append(cell)
      }
      // SAFETY: the sink uses the cells, and the bytes that they name, before it returns.
      return cells.withUnsafeBufferPointer { cells in
        Result { () throws(RowColumns.Unsuited) in try sink.add(RowColumns(cells), of: query) }
      }
    }
    return try result.get()
  }

  /// - Returns: nil where a row was not as it should be.
  /// - Throws: `SQLError` when the query failed, or the answer was cut off.
  consuming func finish() throws(SQLError) -> Sink.Product? {
    if let failure { throw failure }
    guard endedQueryCount == queryCount || !takesMore || !isSuited else {
      throw .unreachable("the server's answer was cut off")
    }
    return isSuited ? sink.finish() : nil
  }
}

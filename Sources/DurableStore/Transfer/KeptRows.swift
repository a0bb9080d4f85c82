/// Copies of rows of one width, in one piece of memory, for when what belongs to them has come.
struct KeptRows {
  private enum Content {
    case null
    case integer(Int64)
    case real(Double)
    case text(Range<Int>)
    case blob(Range<Int>)
  }

  private let width: Int
  private var contents: [Content] = []
  private var bytes: [UInt8] = []

  init(width: Int) { self.width = width }

  var count: Int { contents.count / width }
  /// About the memory that they take.
  var byteCount: Int { bytes.count + contents.count * MemoryLayout<Content>.stride }

  mutating func append(_ row: RowColumns) throws(RowColumns.Unsuited) {
    guard row.count == width else { throw RowColumns.Unsuited() }
    for column in 0..<width {
      let content: Content =
        switch try row.cell(column) {
        case .null: .null
        case .integer(let integer): .integer(integer)
        case .real(let number): .real(number)
        case .text(let text): .text(put(text))
        case .blob(let blob): .blob(put(blob))
        }
      contents.append(content)
    }
  }

  private mutating func put(_ new: UnsafeRawBufferPointer) -> Range<Int> {
    let start = bytes.count
    bytes.append(contentsOf: new)
    return start..<bytes.count
  }

  /// Hands a row over, which is valid until `body` returns.
  func withRow<Value>(
    _ index: Int, _ body: (RowColumns) throws(RowColumns.Unsuited) -> Value
  ) throws(RowColumns.Unsuited) -> Value {
    let result = bytes.withUnsafeBytes { bytes in
      let cells = contents[index * width..<(index + 1) * width].map { content -> RowCell in
        switch content {
        case .null: .null
        case .integer(let integer): .integer(integer)
        case .real(let number): .real(number)
        case .text(let range): .text(UnsafeRawBufferPointer(rebasing: bytes[range]))
        case .blob(let range): .blob(UnsafeRawBufferPointer(rebasing: bytes[range]))
        }
      }
      // SAFETY: the cells, and the bytes that they name, are there until `body` returns.
      return cells.withUnsafeBufferPointer { cells in
        Result { () throws(RowColumns.Unsuited) in try body(RowColumns(cells)) }
      }
    }
    return try result.get()
  }
}

/// A vector file that cannot be used: which file, what is wrong and what would be right.
public struct VectorFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with the file.
  public enum Cause: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system refused an operation.
    case file(FileError)
    /// The end of the name is none of the known ones.
    case unknownFormat(expected: String)
    /// The header cannot be read.
    case badHeader(String)
    /// The values are of a type or in an order that is not read.
    case unsupported(String)
    /// The size of the file does not fit its header.
    case sizeMismatch(expectedBytes: Int, actualBytes: Int)
    /// A row says another dimension than the rows before it.
    case rowDimension(row: Int, found: Int, expected: Int)
    /// A value is NaN or infinite.
    case notFinite(row: Int, column: Int)
    /// A neighbour is not the number of a row.
    case badNeighbor(row: Int, value: Int64, expected: String)
    /// The vectors have another dimension than the caller needs.
    case wrongDimension(found: Int, expected: Int)
    /// Values given to a writer do not fill whole rows.
    case partialRow(valueCount: Int, dimension: Int)
    /// There are more rows than the format can count.
    case tooManyRows

    public var description: String {
      switch self {
      case .file(let error): error.description
      case .unknownFormat(let expected): "unknown format; expected a name ending in \(expected)"
      case .badHeader(let problem): "bad header: \(problem)"
      case .unsupported(let problem): problem
      case .sizeMismatch(let expected, let actual):
        actual < expected
          ? "truncated: holds \(actual) bytes; its header promises \(expected)"
          : "too long: holds \(actual) bytes; its header promises \(expected)"
      case .rowDimension(let row, let found, let expected):
        "row \(row) has dimension \(found); expected \(expected) as in row 0"
      case .notFinite(let row, let column):
        "row \(row), column \(column) is NaN or infinite; expected finite values"
      case .badNeighbor(let row, let value, let expected):
        "row \(row) names neighbour \(value); expected \(expected)"
      case .wrongDimension(let found, let expected):
        "holds rows of dimension \(found); expected \(expected)"
      case .partialRow(let valueCount, let dimension):
        "was given \(valueCount) values; expected a multiple of its dimension, \(dimension)"
      case .tooManyRows: "was given more rows than its format can count"
      }
    }
  }

  public var path: String
  public var cause: Cause

  public init(path: String, cause: Cause) {
    self.path = path
    self.cause = cause
  }

  /// One line: the file and the cause.
  public var description: String {
    if case .file(let error) = cause { return error.description }
    return "'\(path)': \(cause)"
  }
}

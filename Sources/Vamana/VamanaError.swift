/// Why an index could not be built, opened or searched.
public enum VamanaError: Error, Hashable, Sendable, CustomStringConvertible {
  case invalidConfiguration(field: String, value: String, expected: String)
  case dimensionMismatch(got: Int, expected: Int)
  /// As many record ids as vectors are needed.
  case countMismatch(vectors: Int, recordIDs: Int)
  case notFinite(row: Int)
  case recordIDsNotAscending(row: Int)
  case duplicateRecordID(UInt64)
  case tooManyVectors(count: Int, limit: Int)
  case invalidSegment(problem: String)
  case checksumMismatch(section: String)
  case cancelled
  /// A file of an index could not be read, or not written.
  case fileFailed(path: String, offset: Int, problem: String)

  public var description: String {
    switch self {
    case .invalidConfiguration(let field, let value, let expected):
      "\(field) is \(value); expected \(expected)"
    case .dimensionMismatch(let got, let expected):
      "the vector has \(got) dimensions; this index holds vectors of \(expected)"
    case .countMismatch(let vectors, let recordIDs):
      "\(vectors) vectors came with \(recordIDs) record ids; each vector needs one"
    case .notFinite(let row):
      "vector \(row) holds a value that is not finite (NaN or infinity) or beyond ±1e16"
    case .recordIDsNotAscending(let row):
      "record ids must ascend without repeats; the one of row \(row) does not"
    case .duplicateRecordID(let id):
      "record id \(id) is in the index already, or twice among the new ones; expected new ids"
    case .tooManyVectors(let count, let limit):
      "\(count) vectors do not fit one segment; at most \(limit)"
    case .invalidSegment(let problem): "not a usable index segment: \(problem)"
    case .checksumMismatch(let section):
      "the index segment is corrupt: the checksum of its section '\(section)' does not match"
    case .cancelled: "the build was cancelled"
    case .fileFailed(let path, let offset, let problem):
      "\(path), at byte \(offset): \(problem)"
    }
  }
}

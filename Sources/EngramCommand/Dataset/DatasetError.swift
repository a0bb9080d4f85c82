/// A data set that cannot be built: what is missing or wrong, and what to do about it.
public enum DatasetError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The source is not on this machine.
  case missingSource(String, advice: String)
  /// The source is not in the format it should have.
  case badSource(path: String, line: Int, problem: String)
  /// A setting is outside its range.
  case badSetting(String)
  /// The embedder gave other vectors than were asked for.
  case badEmbeddings(expectedValues: Int, actualValues: Int)
  case file(FileError)
  case vectors(VectorFileError)

  public var description: String {
    switch self {
    case .missingSource(let source, let advice): "\(source) is missing; \(advice)"
    case .badSource(let path, let line, let problem): "'\(path)', line \(line): \(problem)"
    case .badSetting(let problem): problem
    case .badEmbeddings(let expected, let actual):
      "the embedder gave \(actual) values; expected \(expected)"
    case .file(let error): error.description
    case .vectors(let error): error.description
    }
  }
}

extension DatasetError: ExitStatusProviding {
  public var exitStatus: ExitStatus {
    switch self {
    case .missingSource: .missingInput
    case .badSource, .badEmbeddings: .badData
    case .badSetting: .usage
    case .file(let error): error.exitStatus
    case .vectors(let error): error.exitStatus
    }
  }
}

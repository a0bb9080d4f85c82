/// A file of a model that cannot be used: which file, and why.
public struct ModelFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path of the file.
  public var path: String
  /// What is wrong, such as `the header says 90856960 bytes of tensors, the file has 1000`.
  public var problem: String

  public init(path: String, problem: String) {
    self.path = path
    self.problem = problem
  }

  public var description: String { "\(path): \(problem)" }
}

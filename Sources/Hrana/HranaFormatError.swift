/// A message that does not follow the protocol: which part, and what is wrong with it.
public struct HranaFormatError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The part, such as `requests[2].stmt.args[0]`; empty for the whole message.
  public var path: String
  /// What is wrong, and what would be right.
  public var problem: String

  init(_ path: String, _ problem: String) {
    self.path = path
    self.problem = problem
  }

  public var description: String { path.isEmpty ? problem : "\(path): \(problem)" }

  /// The same error, seen from what holds the part.
  func inside(_ outer: String) -> HranaFormatError {
    if path.isEmpty { return HranaFormatError(outer, problem) }
    return HranaFormatError(outer + (path.hasPrefix("[") ? "" : ".") + path, problem)
  }
}

/// A value that a record may not hold: which field, what is wrong, and what would be right.
public struct ValidationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path of the field, such as `steps[3].action`.
  public var field: String
  public var problem: String
  public var expected: String

  public init(field: String, problem: String, expected: String) {
    self.field = field
    self.problem = problem
    self.expected = expected
  }

  public var description: String { "\(field): \(problem); expected \(expected)" }
}

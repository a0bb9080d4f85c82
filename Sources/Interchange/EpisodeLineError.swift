/// A line of an import file that is not an episode: which line and field, what is wrong, and what
/// would be right.
public struct EpisodeLineError: Error, Hashable, Sendable, CustomStringConvertible {
  /// From 1.
  public var line: Int
  /// The path of the field, such as `steps[2].latency`; nil when the line as a whole is wrong.
  public var field: String?
  public var problem: String
  /// What to write instead, as `expected …` or `did you mean …?`.
  public var advice: String

  public init(line: Int, field: String? = nil, problem: String, advice: String) {
    self.line = line
    self.field = field
    self.problem = problem
    self.advice = advice
  }

  /// One line, such as
  /// `line 7: steps[2].latency: is a string; expected a number of seconds`.
  public var description: String {
    let place = field.map { "\($0): " } ?? ""
    return "line \(line): \(place)\(problem); \(advice)"
  }
}

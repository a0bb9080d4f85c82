/// A line of a transcript that is not understood. Nothing of its content is in it: that may be secret.
public struct TranscriptLineError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, such as `is not valid UTF-8`.
  public var problem: String

  public init(_ problem: String) { self.problem = problem }

  public var description: String { problem }
}

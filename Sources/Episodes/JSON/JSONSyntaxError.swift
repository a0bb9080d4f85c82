/// Text that is not JSON: where, and what is wrong there.
public struct JSONSyntaxError: Error, Hashable, Sendable {
  /// The byte in the text, from 1.
  public var column: Int
  public var problem: String
}

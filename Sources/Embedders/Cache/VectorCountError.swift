/// An embedder gave another number of vectors than it was given texts.
public struct VectorCountError: Error, Hashable, Sendable, CustomStringConvertible {
  public var model: String
  public var expected: Int
  public var actual: Int

  public init(model: String, expected: Int, actual: Int) {
    self.model = model
    self.expected = expected
    self.actual = actual
  }

  public var description: String { "\(model): gave \(actual) vectors for \(expected) texts" }
}

public import Episodes

/// What a search among patterns needs of each, beside its vector.
public struct PatternEntry: Hashable, Sendable {
  public var id: String
  public var namespace: String
  public var kind: PatternKind.Name
  public var domain: String
  /// The number of its embedding; nil where it has none of the model.
  public var embeddingID: UInt64?
}

/// How two episodes relate.
public enum RelationshipKind: String, Hashable, Sendable, Codable, CaseIterable {
  case parentChild, dependsOn, blocks, follows, relatedTo, duplicates, references

  /// Whether relationships of this kind may not form a cycle.
  public var isAcyclic: Bool {
    switch self {
    case .parentChild, .dependsOn, .blocks: true
    case .follows, .relatedTo, .duplicates, .references: false
    }
  }
}

/// A regularity seen in episodes.
public struct Pattern: Hashable, Sendable, Codable, Identifiable {
  public var id: String
  /// The namespace of the episodes that show it: nothing is learned across namespaces.
  public var namespace: String
  public var kind: PatternKind
  public var context: TaskContext
  /// The mean success of the occurrences, 0 to 1; see ``PatternExtraction``.
  public var successRate: Double
  /// How many episodes showed the pattern.
  public var occurrenceCount: Int
  public var effectiveness: PatternEffectiveness
  /// The ids of episodes that show the pattern, oldest first; of more than
  /// ``PatternMerge/evidenceMax`` the latest.
  public var evidence: [String]
  public var createdAt: Timestamp
  public var updatedAt: Timestamp

  public init(
    id: String, namespace: String = Episode.defaultNamespace, kind: PatternKind,
    context: TaskContext, successRate: Double, occurrenceCount: Int,
    effectiveness: PatternEffectiveness = PatternEffectiveness(), evidence: [String],
    createdAt: Timestamp, updatedAt: Timestamp
  ) {
    self.id = id
    self.namespace = namespace
    self.kind = kind
    self.context = context
    self.successRate = successRate
    self.occurrenceCount = occurrenceCount
    self.effectiveness = effectiveness
    self.evidence = evidence
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }

  /// Decodes a pattern; one without a namespace is of the default one.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      id: try container.decode(String.self, forKey: .id),
      namespace: try container.decodeIfPresent(String.self, forKey: .namespace)
        ?? Episode.defaultNamespace,
      kind: try container.decode(PatternKind.self, forKey: .kind),
      context: try container.decode(TaskContext.self, forKey: .context),
      successRate: try container.decode(Double.self, forKey: .successRate),
      occurrenceCount: try container.decode(Int.self, forKey: .occurrenceCount),
      effectiveness: try container.decode(PatternEffectiveness.self, forKey: .effectiveness),
      evidence: try container.decode([String].self, forKey: .evidence),
      createdAt: try container.decode(Timestamp.self, forKey: .createdAt),
      updatedAt: try container.decode(Timestamp.self, forKey: .updatedAt))
  }
}

public import Episodes

/// A question to ``Memory/searchPatterns(_:)``, ``Memory/recommend(_:)`` and
/// ``Memory/analogousPatterns(_:)``.
public struct PatternRequest: Hashable, Sendable {
  /// The task, or what to look for, in words.
  public var text: String
  /// Where the task takes place; nil if nothing is known of that.
  public var context: TaskContext?
  public var namespace: String
  /// Patterns of this kind only.
  public var kind: PatternKind.Name?
  /// The most patterns to return, 1 to ``limitMax``.
  public var limit: Int
  /// How like the task (``Episodes/PatternScore/semantic``) a pattern must be to be recommended, or to become part
  /// of a playbook; 0 for all. Searches return what is nearest.
  public var likenessMin = PatternLikeness.leastRecommended
  /// How much each component counts; nil for the default of the call.
  public var weights: PatternWeights?
  /// The episode in which the task is done: what ``Memory/recordFeedback(_:on:in:)`` says of a recommended
  /// pattern counts with it.
  public var episodeID: String?

  public static let limitMax = 1000

  public init(
    _ text: String, context: TaskContext? = nil, namespace: String = Episode.defaultNamespace,
    kind: PatternKind.Name? = nil, limit: Int = 5, weights: PatternWeights? = nil,
    episodeID: String? = nil
  ) {
    self.text = text
    self.context = context
    self.namespace = namespace
    self.kind = kind
    self.limit = limit
    self.weights = weights
    self.episodeID = episodeID
  }

  func validate() throws(ValidationError) {
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw ValidationError(
        field: "text", problem: "is empty", expected: "the task, or what to look for, in words")
    }
    guard
      text.utf8.count <= EpisodeLimits.textCharactersMax
        || text.count <= EpisodeLimits.textCharactersMax
    else {
      throw ValidationError(
        field: "text", problem: "has \(text.count) characters",
        expected: "at most \(EpisodeLimits.textCharactersMax)")
    }
    guard (1...Self.limitMax).contains(limit) else {
      throw ValidationError(
        field: "limit", problem: "is \(limit)", expected: "1 to \(Self.limitMax)")
    }
    guard (0...1).contains(likenessMin) else {
      throw ValidationError(
        field: "likenessMin", problem: "is \(likenessMin)", expected: "a number from 0 to 1")
    }
    try Identifier.check(namespace, field: "namespace")
    if let episodeID { try Identifier.check(episodeID, field: "episodeID") }
    try weights?.validate()
  }
}

/// What past episodes recommend for a task.
public struct Playbook: Hashable, Sendable, Codable, Identifiable {
  public var id: String
  public var matchScore: Double
  public var whyRelevant: String
  public var whenToApply: String
  public var whenNotTo: String
  /// In the order they should be done.
  public var steps: [PlaybookStep]
  public var pitfalls: [String]
  public var expectedOutcome: String
  /// 0 to 1.
  public var confidence: Double
  /// The ids of the patterns and episodes behind the playbook.
  public var supportingIDs: [String]

  public init(
    id: String, matchScore: Double, whyRelevant: String, whenToApply: String, whenNotTo: String,
    steps: [PlaybookStep], pitfalls: [String], expectedOutcome: String, confidence: Double,
    supportingIDs: [String]
  ) {
    self.id = id
    self.matchScore = matchScore
    self.whyRelevant = whyRelevant
    self.whenToApply = whenToApply
    self.whenNotTo = whenNotTo
    self.steps = steps
    self.pitfalls = pitfalls
    self.expectedOutcome = expectedOutcome
    self.confidence = confidence
    self.supportingIDs = supportingIDs
  }
}

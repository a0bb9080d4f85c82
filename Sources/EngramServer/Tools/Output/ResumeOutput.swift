internal import Engram
internal import Episodes

/// What an agent needs to go on with an episode.
struct ResumeOutput: Encodable {
  struct LearnedPattern: Encodable {
    var id: String
    var summary: String
  }

  struct Rule: Encodable {
    var condition: String
    var action: String
    var confidence: Double
  }

  var episode: EpisodeSummary
  var checkpoint: Checkpoint?
  var nextStepNumber: Int
  /// How many steps were done after the checkpoint; they stay.
  var stepCountSinceCheckpoint: Int
  var goal: String
  var stepsDone: [String]
  var whatWorked: [String]
  var whatFailed: [String]
  var salientFacts: [String]
  var nextSteps: [String]
  var patterns: [LearnedPattern]
  var heuristics: [Rule]

  init(_ resumed: ResumedEpisode) {
    episode = EpisodeSummary(resumed.episode)
    checkpoint = resumed.checkpoint
    nextStepNumber = resumed.nextStepNumber
    stepCountSinceCheckpoint = resumed.stepsSinceCheckpoint.count
    let pack = resumed.handoff
    goal = pack.goal
    stepsDone = pack.stepsDone
    whatWorked = pack.whatWorked
    whatFailed = pack.whatFailed
    salientFacts = pack.salientFacts
    nextSteps = pack.nextSteps
    patterns = pack.patterns.map { LearnedPattern(id: $0.id, summary: $0.kind.summary) }
    heuristics = pack.heuristics.map {
      Rule(condition: $0.condition, action: $0.action, confidence: $0.confidence)
    }
  }

  private static let pattern = JSONShape.object(
    .init("a pattern", [.required("id", .text), .required("summary", .text)]))
  private static let rule = JSONShape.object(
    .init(
      "a heuristic",
      [
        .required("condition", .text), .required("action", .text),
        .required("confidence", .number("")),
      ]))

  static let fields = JSONShape.Fields(
    "a resumed episode",
    [
      .required("episode", EpisodeSummary.shape),
      .optional("checkpoint", EpisodeShape.checkpoint),
      .required("nextStepNumber", .whole), .required("stepCountSinceCheckpoint", .whole),
      .required("goal", .text), .required("stepsDone", .list(of: .text)),
      .required("whatWorked", .list(of: .text)), .required("whatFailed", .list(of: .text)),
      .required("salientFacts", .list(of: .text)), .required("nextSteps", .list(of: .text)),
      .required("patterns", .list(of: pattern)), .required("heuristics", .list(of: rule)),
    ])
}

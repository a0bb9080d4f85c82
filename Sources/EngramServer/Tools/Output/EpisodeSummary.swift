internal import Episodes

/// An episode in a few lines: an agent reads many, and few of them whole.
struct EpisodeSummary: Encodable {
  var id: String
  var uri: String
  var taskDescription: String
  var taskType: TaskType
  var domain: String
  var language: String?
  var tags: [Tag]
  var startTime: Timestamp
  var stepCount: Int
  var isFinished: Bool
  var outcome: TaskOutcome.Kind?
  /// The verdict or reason.
  var verdict: String?
  var reward: Double?
  var insights: [String]?
  var supersededBy: String?

  init(_ episode: Episode) {
    id = episode.id
    uri = ResourceURI.episode(episode.id).description
    taskDescription = ShortText.line(episode.taskDescription, countMax: 500)
    taskType = episode.taskType
    domain = episode.context.domain
    language = episode.context.language
    tags = episode.tags
    startTime = episode.startTime
    stepCount = episode.steps.count
    isFinished = episode.isFinished
    outcome = episode.outcome?.kind
    verdict = episode.outcome.map { ShortText.line($0.summary, countMax: 500) }
    reward = episode.reward?.total
    if let found = episode.reflection?.insights, !found.isEmpty { insights = found }
    supersededBy = episode.supersededBy
  }

  static let fields: [JSONShape.Field] = [
    .required("id", .text), .required("uri", .text, "The resource that is the whole episode."),
    .required("taskDescription", .text, "The task; cut where it is long."),
    .required("taskType", .choice(TaskType.allCases.map(\.rawValue))),
    .required("domain", .text), .optional("language", .text),
    .required("tags", .list(of: .text)), .required("startTime", .timestamp),
    .required("stepCount", .whole), .required("isFinished", .flag),
    .optional("outcome", .choice(TaskOutcome.Kind.allCases.map(\.rawValue))),
    .optional("verdict", .text), .optional("reward", .number("")),
    .optional("insights", .list(of: .text)), .optional("supersededBy", .text),
  ]

  static let shape = JSONShape.object(.init("an episode in short", fields))
}

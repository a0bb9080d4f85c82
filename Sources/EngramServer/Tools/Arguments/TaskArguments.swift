internal import Engram
internal import Episodes

/// What is known of a task when it begins, as arguments of a tool.
struct TaskArguments: Decodable {
  var taskDescription: String
  var taskType: TaskType?
  var context: TaskContext?
  var namespace: String?
  var agentID: String?
  var sessionID: String?
  var tags: [Tag]?
  var metadata: [String: String]?
  var id: String?
  // Of programs: see `furtherFields`.
  var location: Location?
  var validFrom: Timestamp?
  var validUntil: Timestamp?

  var task: NewTask {
    NewTask(
      taskDescription, type: taskType ?? .other, context: context ?? TaskContext(),
      namespace: namespace ?? Episode.defaultNamespace, agentID: agentID, sessionID: sessionID,
      tags: tags ?? [], metadata: metadata ?? [:], location: location, validFrom: validFrom,
      validUntil: validUntil, id: id)
  }

  static let context = JSONShape.Field.optional(
    "context", EpisodeShape.context,
    "Where the task takes place: domain (such as web-api), language, framework, complexity, tags.")

  static let fields: [JSONShape.Field] = [
    .required(
      "taskDescription", .words(EpisodeLimits.textCharactersMax),
      "The task in words, as it was given; at most 10000 characters."),
    .optional("taskType", .choice(TaskType.allCases.map(\.rawValue)), "The kind of work."),
    context,
    .optional("namespace", .identifier, "Keeps projects or users apart; 'default' by default."),
    .optional("agentID", .identifier, "Who does it."),
    .optional("sessionID", .identifier, "The session it belongs to."),
    .optional("tags", .list(of: .tag), "Labels to find it by."),
    .optional("metadata", .textMap, "Facts, such as a ticket."),
    .optional("id", .identifier, "The id the episode gets; a new one by default."),
  ]

  /// What programs can tell besides.
  static let furtherFields: [JSONShape.Field] = [
    .optional("location", EpisodeShape.location, "Where it is done."),
    .optional("validFrom", .timestamp, "Since when what it says holds."),
    .optional("validUntil", .timestamp, "Until when what it says holds."),
  ]
}

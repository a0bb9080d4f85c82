internal import Engram
internal import Episodes

/// Which episodes a search or a listing may return, as arguments of a tool.
struct FilterArguments: Decodable {
  var namespace: String?
  var agentID: String?
  var sessionID: String?
  var domain: String?
  var language: String?
  var framework: String?
  var taskType: TaskType?
  var tags: [Tag]?
  var outcome: TaskOutcome.Kind?
  var since: Moment?
  var until: Moment?
  var metadata: [String: String]?
  var asOf: Moment?
  var onlyCurrent: Bool?

  /// - Throws: `ValidationError` for a filter that nothing can meet.
  func filter(now: Timestamp = .now) throws -> EpisodeFilter {
    let (since, until) = (since?.time(before: now), until?.time(before: now))
    if let since, let until, since >= until {
      throw ValidationError(
        field: "until", problem: "is not after since", expected: "a later time, or one of both")
    }
    return EpisodeFilter(
      namespace: namespace, agentID: agentID, sessionID: sessionID, domain: domain,
      taskType: taskType, tagsAll: tags ?? [], outcome: outcome, since: since, until: until,
      language: language, framework: framework,
      metadata: metadata.flatMap { metadata in
        metadata.isEmpty
          ? nil
          : .all(
            metadata.sorted { $0.key < $1.key }.map { .equals(key: $0.key, value: $0.value) })
      },
      asOf: asOf?.time(before: now), isCurrent: onlyCurrent ?? false)
  }

  static let fields: [JSONShape.Field] = [
    .optional("namespace", .text, "Only episodes of this namespace; all by default."),
    .optional("agentID", .text, "Only episodes of this agent."),
    .optional("sessionID", .text, "Only episodes of this session."),
    .optional("domain", .text, "Only episodes of this field of work."),
    .optional("language", .text, "Only episodes of this programming language."),
    .optional("framework", .text, "Only episodes of this framework."),
    .optional(
      "taskType", .choice(TaskType.allCases.map(\.rawValue)), "Only episodes of this kind of work."),
    .optional("tags", .list(of: .tag), "Only episodes that have all of these tags."),
    .optional(
      "outcome", .choice(TaskOutcome.Kind.allCases.map(\.rawValue)),
      "Only episodes that ended like this."),
    .optional("since", .moment, "Only episodes that started at this time or later."),
    .optional("until", .moment, "Only episodes that started before this time."),
    .optional("metadata", .textMap, "Only episodes with these values in their metadata."),
    .optional("asOf", .moment, "Only episodes that were valid at this time."),
    .optional("onlyCurrent", .flag, "Leave out episodes that others have superseded."),
  ]
}

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
  // Of programs: see `furtherFields`.
  var anyTags: [Tag]?
  var finished: Bool?
  var near: String?
  var within: String?
  var conditions: [String]?
  var anyConditions: [String]?

  /// - Throws: `ValidationError` for a filter that nothing can meet.
  func filter(now: Timestamp = .now) throws -> EpisodeFilter {
    let (since, until) = (since?.time(before: now), until?.time(before: now))
    if let since, let until, since >= until {
      throw ValidationError(
        field: "until", problem: "is not after since", expected: "a later time, or one of both")
    }
    return EpisodeFilter(
      namespace: namespace, agentID: agentID, sessionID: sessionID, domain: domain,
      taskType: taskType, tagsAny: anyTags ?? [], tagsAll: tags ?? [], outcome: outcome,
      since: since, until: until, language: language, framework: framework, place: try place(),
      metadata: try predicate(), asOf: asOf?.time(before: now), isFinished: finished,
      isCurrent: onlyCurrent ?? false)
  }

  private func place() throws(ValidationError) -> PlaceFilter? {
    let place: PlaceFilter
    switch (near, within) {
    case (nil, nil): return nil
    case (let near?, nil): place = try .near(near, field: "near")
    case (nil, let within?): place = try .box(within, field: "within")
    case (.some, .some):
      throw ValidationError(
        field: "within", problem: "is there beside near", expected: "one of both")
    }
    do throws(ValidationError) {
      try place.validate()
    } catch {
      throw ValidationError(
        field: near == nil ? "within" : "near", problem: error.problem, expected: error.expected)
    }
    return place
  }

  private func predicate() throws(ValidationError) -> MetadataPredicate? {
    var parts = (metadata ?? [:]).sorted { $0.key < $1.key }.map {
      MetadataPredicate.equals(key: $0.key, value: $0.value)
    }
    for text in conditions ?? [] { parts.append(try .parse(text, field: "conditions")) }
    var others: [MetadataPredicate] = []
    for text in anyConditions ?? [] { others.append(try .parse(text, field: "anyConditions")) }
    if !others.isEmpty { parts.append(.any(others)) }
    return parts.isEmpty ? nil : .all(parts)
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
  private static let latitude = "-?([0-8]?[0-9](\\.[0-9]+)?|90)"
  private static let longitude = "-?((1[0-7][0-9]|[0-9]?[0-9])(\\.[0-9]+)?|180)"
  /// Says a little less than what is taken: a value may begin with a sign where no other comparison can be meant.
  private static let condition = JSONShape.pattern(
    "^[^=!<>~\\u0000]+((=|!=|<=|>=|<|>|~)([^=<>\\u0000][^\\u0000]*)?)?$",
    expectation: "KEY, KEY=VALUE or another comparison")

  /// What programs can ask besides: agents do well without, and pay for every field they are told.
  static let furtherFields: [JSONShape.Field] = [
    .optional("anyTags", .list(of: .tag), "Only episodes that have one of these tags."),
    .optional("finished", .flag, "Only episodes that have ended; false: that have not."),
    .optional(
      "near",
      .pattern(
        "^\(latitude),\(longitude),[0-9]+(\\.[0-9]+)?(m|km)?$",
        expectation: "latitude,longitude,radius such as 48.85,2.35,10km"),
      "Only episodes near a place: latitude, longitude and radius, such as 48.85,2.35,10km."),
    .optional(
      "within",
      .pattern(
        "^\(latitude),\(longitude),\(latitude),\(longitude)$",
        expectation: "south,west,north,east in degrees"),
      "Only episodes in a box of degrees: south,west,north,east."),
    .optional(
      "conditions", .list(of: condition),
      "Only episodes whose metadata meet all of these: KEY, KEY=VALUE, !=, <, <=, >, >=, or KEY~PART."
    ),
    .optional(
      "anyConditions", .list(of: condition), "Only episodes whose metadata meet one of these."),
  ]
}

/// Which episodes a listing or a search may return. Every condition that is set must hold.
///
/// Domain, language and framework are compared in Unicode's normal form C, as episodes keep them.
public struct EpisodeFilter: Hashable, Sendable {
  public var namespace: String?
  public var agentID: String?
  public var sessionID: String?
  public var domain: String? { didSet { domain = domain?.composed } }
  public var taskType: TaskType?
  /// At least one of these, in the episode's own tags or its context's; empty means no condition.
  public var tagsAny: [Tag]
  /// All of these, in the episode's own tags or its context's.
  public var tagsAll: [Tag]
  public var outcome: TaskOutcome.Kind?
  /// The earliest start time, inclusive.
  public var since: Timestamp?
  /// The latest start time, exclusive.
  public var until: Timestamp?
  public var language: String? { didSet { language = language?.composed } }
  public var framework: String? { didSet { framework = framework?.composed } }
  public var place: PlaceFilter?
  public var metadata: MetadataPredicate?
  /// Only what held at this time: valid since then or before, and not yet ended. An episode that does not say
  /// since when it is valid is so from its start.
  public var asOf: Timestamp?
  /// Whether the episode has ended; nil for both.
  public var isFinished: Bool?
  /// Only what no other episode has replaced: now, or with ``asOf`` by that time.
  public var isCurrent: Bool

  public init(
    namespace: String? = nil, agentID: String? = nil, sessionID: String? = nil,
    domain: String? = nil, taskType: TaskType? = nil, tagsAny: [Tag] = [], tagsAll: [Tag] = [],
    outcome: TaskOutcome.Kind? = nil, since: Timestamp? = nil, until: Timestamp? = nil,
    language: String? = nil, framework: String? = nil, place: PlaceFilter? = nil,
    metadata: MetadataPredicate? = nil, asOf: Timestamp? = nil, isFinished: Bool? = nil,
    isCurrent: Bool = false
  ) {
    self.namespace = namespace
    self.agentID = agentID
    self.sessionID = sessionID
    self.domain = domain?.composed
    self.taskType = taskType
    self.tagsAny = tagsAny
    self.tagsAll = tagsAll
    self.outcome = outcome
    self.since = since
    self.until = until
    self.language = language?.composed
    self.framework = framework?.composed
    self.place = place
    self.metadata = metadata
    self.asOf = asOf
    self.isFinished = isFinished
    self.isCurrent = isCurrent
  }

  /// Whether no condition is set.
  public var isEmpty: Bool { self == EpisodeFilter() }

  /// Checks what a caller can get wrong.
  ///
  /// - Throws: ``ValidationError`` naming the condition.
  public func validate() throws(ValidationError) {
    try place?.validate()
    try metadata?.validate()
    if let since, let until, since > until {
      throw ValidationError(
        field: "since", problem: "\(since) is after until, \(until)",
        expected: "a time before it: nothing starts at or after one and before the other")
    }
  }

  /// Whether `episode` meets every condition.
  public func matches(_ episode: Episode) -> Bool {
    if let namespace, episode.namespace != namespace { return false }
    if let agentID, episode.agentID != agentID { return false }
    if let sessionID, episode.sessionID != sessionID { return false }
    if let domain, episode.context.domain != domain { return false }
    if let taskType, episode.taskType != taskType { return false }
    if let outcome, episode.outcome?.kind != outcome { return false }
    if let since, episode.startTime < since { return false }
    if let until, episode.startTime >= until { return false }
    if let language, episode.context.language != language { return false }
    if let framework, episode.context.framework != framework { return false }
    if let place, !(episode.location.map(place.contains) ?? false) { return false }
    if let metadata, !metadata.matches(episode.metadata) { return false }
    if let asOf {
      if episode.validFrom ?? episode.startTime > asOf { return false }
      if let end = episode.validUntil, end <= asOf { return false }
    }
    if let isFinished, episode.isFinished != isFinished { return false }
    // One that says until when it was valid had no successor before.
    if isCurrent, episode.supersededBy != nil, asOf == nil || episode.validUntil == nil {
      return false
    }
    if tagsAny.isEmpty && tagsAll.isEmpty { return true }
    let tags = Set(episode.tags + episode.context.tags)
    return (tagsAny.isEmpty || tagsAny.contains(where: tags.contains))
      && tagsAll.allSatisfy(tags.contains)
  }
}

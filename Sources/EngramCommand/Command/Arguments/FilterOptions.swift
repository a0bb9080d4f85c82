internal import ArgumentParser
internal import Engram
internal import Episodes

/// Which episodes a listing or a search may return.
struct FilterOptions: ParsableArguments {
  @Option(help: "Only episodes of this domain.")
  var domain: String?

  @Option(help: "Only episodes of this task type.")
  var taskType: TaskType?

  @Option(help: "Only episodes with this tag; give it again for episodes that have all of them.")
  var tag: [String] = []

  @Option(help: "Only episodes with this tag or another that is given so.")
  var anyTag: [String] = []

  @Option(help: "Only episodes with this outcome.")
  var outcome: TaskOutcome.Kind?

  @Flag(help: "Only episodes that have ended.")
  var finished = false

  @Flag(help: "Only episodes that have not ended; 'engram resume' goes on with one.")
  var unfinished = false

  @Option(
    help: "Only episodes started at this time or later: 2026-03-02, a full time, yesterday, 7d, 4w."
  )
  var since: String?

  @Option(help: "Only episodes started before this time.")
  var until: String?

  @OptionGroup var scope: ScopeOptions

  @Option(help: ArgumentHelp("Only episodes of this agent.", valueName: "id"))
  var agent: String?

  @Option(help: ArgumentHelp("Only episodes of this session.", valueName: "id"))
  var session: String?

  @Option(help: "Only episodes of this programming language.")
  var language: String?

  @Option(help: "Only episodes of this framework.")
  var framework: String?

  @Option(
    help: ArgumentHelp(
      """
      Only episodes with this metadata: KEY, KEY=VALUE, !=, <, <=, >, >=, or KEY~PART for a text that \
      holds PART; numbers compare as numbers. Give it again for episodes that meet all.
      """, valueName: "condition"))
  var metadata: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only episodes that meet this condition on metadata or another that is given so.",
      valueName: "condition"))
  var anyMetadata: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only episodes near a place: latitude, longitude and radius, such as 48.85,2.35,10km.",
      valueName: "place"))
  var near: String?

  @Option(
    help: ArgumentHelp(
      "Only episodes in a box of degrees: south,west,north,east.", valueName: "box"))
  var within: String?

  @Option(
    help: "Only episodes that were valid at this time; what was superseded later is as it was then."
  )
  var asOf: String?

  @Flag(help: "Leave out episodes that others have superseded.")
  var current = false

  /// Whether no condition is given, that on the namespace left aside.
  var hasNoConditions: Bool {
    get throws { try conditions().isEmpty }
  }

  /// Whether no condition is given; a namespace that is named is one.
  var isEmpty: Bool {
    get throws { try conditions().isEmpty && scope.place.namespace == nil }
  }

  // What is wrong is said before a memory is opened.
  func validate() throws {
    _ = try conditions()
    if finished, unfinished {
      throw ArgumentParser.ValidationError("--finished and --unfinished exclude each other")
    }
    if unfinished, outcome != nil {
      throw ArgumentParser.ValidationError("--unfinished episodes have no --outcome")
    }
  }

  /// - Parameter inShards: whether the command looks into all shards where all namespaces are meant.
  func filter(now: Timestamp = .now, inShards: Bool = false) throws -> EpisodeFilter {
    var filter = try conditions(now: now)
    filter.namespace = try scope.namespace(inShards: inShards)
    return filter
  }

  /// What "nothing matches" means: it may be elsewhere.
  func nothing(_ text: String) throws -> String {
    guard let namespace = try scope.namespace(inShards: true) else { return text }
    let isNamed = scope.place.namespace != nil
    return text + " in namespace '\(namespace)' "
      + (isNamed ? "('engram namespace list' shows all)" : "(--all-namespaces looks in all)")
  }

  private func conditions(now: Timestamp = .now) throws -> EpisodeFilter {
    let filter = EpisodeFilter(
      agentID: agent, sessionID: session, domain: domain,
      taskType: taskType, tagsAny: try TagArgument.tags(anyTag, option: "--any-tag"),
      tagsAll: try TagArgument.tags(tag, option: "--tag"), outcome: outcome,
      since: try since.map { try TimeArgument.parse($0, option: "--since", now: now) },
      until: try until.map { try TimeArgument.parse($0, option: "--until", now: now) },
      language: language, framework: framework,
      place: try PlaceArgument.place(near: near, within: within),
      metadata: try MetadataArgument.predicate(all: metadata, any: anyMetadata),
      asOf: try asOf.map { try TimeArgument.parse($0, option: "--as-of", now: now) },
      isFinished: finished ? true : unfinished ? false : nil, isCurrent: current)
    if let since = filter.since, let until = filter.until, since >= until {
      throw ArgumentParser.ValidationError(
        "--since \(since) is not before --until \(until): no episode can be between them")
    }
    return filter
  }
}

public import ArgumentParser
internal import Engram
public import Episodes

/// Which episodes a listing or a search may return.
struct FilterOptions: ParsableArguments {
  @Option(help: "Only episodes of this domain.")
  var domain: String?

  @Option(help: "Only episodes of this task type.")
  var taskType: TaskType?

  @Option(help: "Only episodes with this tag; give it again for episodes that have all of them.")
  var tag: [String] = []

  @Option(help: "Only episodes with this outcome.")
  var outcome: TaskOutcome.Kind?

  @Option(help: "Only episodes started at this time or later: 2026-03-02, a full time, or 7d, 12h.")
  var since: String?

  @Option(help: "Only episodes started before this time.")
  var until: String?

  @Option(help: "Only episodes of this namespace.")
  var namespace: String?

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

  func filter(now: Timestamp = .now) throws -> EpisodeFilter {
    EpisodeFilter(
      namespace: namespace, agentID: agent, sessionID: session, domain: domain,
      taskType: taskType, tagsAll: try tag.map { try Tag($0) }, outcome: outcome,
      since: try since.map { try TimeArgument.parse($0, option: "--since", now: now) },
      until: try until.map { try TimeArgument.parse($0, option: "--until", now: now) },
      language: language, framework: framework, place: try place(),
      metadata: metadata.isEmpty ? nil : .all(try metadata.map(MetadataArgument.parse)),
      asOf: try asOf.map { try TimeArgument.parse($0, option: "--as-of", now: now) },
      isCurrent: current)
  }

  private func place() throws -> PlaceFilter? {
    switch (near, within) {
    case (nil, nil): nil
    case (let near?, nil): try PlaceArgument.near(near)
    case (nil, let within?): try PlaceArgument.box(within)
    case (.some, .some):
      throw ArgumentParser.ValidationError("--near and --within exclude each other")
    }
  }
}

/// Times as people type them.
enum TimeArgument {
  /// Reads an ISO 8601 date or time, or how long ago: `30m`, `12h`, `7d`, `4w`.
  static func parse(_ text: String, option: String, now: Timestamp) throws -> Timestamp {
    if let time = Timestamp(text) { return time }
    let units: [Character: Double] = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    if let unit = text.last.flatMap({ units[$0] }), let count = Double(text.dropLast()),
      (0...1e5).contains(count)
    {
      return Timestamp(secondsSince1970: now.secondsSince1970 - count * unit)
    }
    throw ArgumentParser.ValidationError(
      "\(option) '\(text)' is not a time; expected 2026-03-02, 2026-03-02T09:14:05Z, 7d or 12h")
  }
}

extension TaskType: ExpressibleByArgument {}
extension TaskOutcome.Kind: ExpressibleByArgument {}
extension TaskComplexity: ExpressibleByArgument {}

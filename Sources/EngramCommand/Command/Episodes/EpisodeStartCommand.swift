internal import ArgumentParser
internal import Engram
internal import Episodes

struct EpisodeStartCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Start an episode and print its id.",
    discussion: """
      EXAMPLES
        engram episode start "Fix the flaky login test" --domain web --language python
        engram episode start "Refund order 1182" --tag refunds --metadata ticket=SUP-12
      """)

  @Argument(help: "The task, in words.")
  var task: String

  @Option(help: "The kind of work.")
  var taskType: TaskType = .other

  @Option(help: "The field of work.")
  var domain = "general"

  @Option(help: "The programming or human language.")
  var language: String?

  @Option(help: "The framework.")
  var framework: String?

  @Option(help: "How hard it is.")
  var complexity: TaskComplexity = .moderate

  @Option(help: "A tag; can be given again.")
  var tag: [String] = []

  @Option(help: "A tag of the context, for what is like it; can be given again.")
  var contextTag: [String] = []

  @Option(help: ArgumentHelp("A fact; can be given again.", valueName: "key=value"))
  var metadata: [String] = []

  @Option(help: ArgumentHelp("The agent at work.", valueName: "id"))
  var agent: String?

  @Option(help: ArgumentHelp("The session.", valueName: "id"))
  var session: String?

  @Option(
    help: ArgumentHelp("Where it takes place, such as 48.85,2.35.", valueName: "latitude,longitude")
  )
  var location: String?

  @Option(help: "Since when it holds what the episode says. Default: its start.")
  var validFrom: String?

  @Option(help: "Until when it holds.")
  var validUntil: String?

  @OptionGroup var place: NamespaceOptions

  @Option(help: "The id of the episode. Default: a new UUIDv7.")
  var id: String?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    _ = try KeyValue.parse(metadata)
    _ = try location.map(PlaceArgument.location)
    _ = try times(now: .now)
  }

  private func times(now: Timestamp) throws -> (from: Timestamp?, until: Timestamp?) {
    (
      try validFrom.map { try TimeArgument.parse($0, option: "--valid-from", now: now) },
      try validUntil.map { try TimeArgument.parse($0, option: "--valid-until", now: now) }
    )
  }

  func run() async throws {
    let (validFrom, validUntil) = try times(now: .now)
    let task = NewTask(
      task, type: taskType,
      context: TaskContext(
        domain: domain, language: language, framework: framework, complexity: complexity,
        tags: try contextTag.map { try Tag($0) }),
      namespace: try place.name(), agentID: agent, sessionID: session,
      tags: try tag.map { try Tag($0) }, metadata: try KeyValue.parse(metadata),
      location: try location.map(PlaceArgument.location), validFrom: validFrom,
      validUntil: validUntil, id: id)
    let episode = try await global.withMemory(shardOf: try place.name()) {
      try await $0.startEpisode(task)
    }
    try global.output.print(episode) { episode.id }
  }
}

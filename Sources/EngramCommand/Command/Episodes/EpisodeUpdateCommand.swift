internal import ArgumentParser
internal import Engram
internal import Episodes

struct EpisodeUpdateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "update",
    abstract: "Change what an episode is about; what was done in it stays.",
    discussion: """
      An empty value takes away what may be missing: --agent "".

      EXAMPLES
        engram episode update ID --description "Fix the flaky login test" --domain web
        engram episode update ID --metadata ticket=SUP-12 --remove-metadata draft
        engram episode update ID --valid-until 2026-06-30 --agent ben
      """)

  @Argument(help: "The id of the episode.")
  var id: String

  @Option(help: "The task, in words.")
  var description: String?

  @Option(help: "The kind of work.")
  var taskType: TaskType?

  @Option(help: "The field of work.")
  var domain: String?

  @Option(help: "The programming or human language.")
  var language: String?

  @Option(help: "The framework.")
  var framework: String?

  @Option(help: "How hard it is.")
  var complexity: TaskComplexity?

  @Option(help: "A tag; can be given again. They stand in the place of those it has.")
  var tag: [String] = []

  @Option(
    help: ArgumentHelp("A fact, set beside the others; can be given again.", valueName: "key=value")
  )
  var metadata: [String] = []

  @Option(help: ArgumentHelp("A fact that is taken away; can be given again.", valueName: "key"))
  var removeMetadata: [String] = []

  @Option(help: ArgumentHelp("The agent at work.", valueName: "id"))
  var agent: String?

  @Option(help: ArgumentHelp("The session.", valueName: "id"))
  var session: String?

  @Option(
    help: ArgumentHelp("Where it took place, such as 48.85,2.35.", valueName: "latitude,longitude"))
  var location: String?

  @Option(help: "Since when it holds what the episode says.")
  var validFrom: String?

  @Option(help: "Until when it holds.")
  var validUntil: String?

  @OptionGroup var place: NamespaceOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    let hasContext = domain != nil || language != nil || framework != nil || complexity != nil
    guard try hasContext || !changes().isEmpty else {
      throw ArgumentParser.ValidationError("nothing to change is given; see --help")
    }
  }

  func run() async throws {
    let updated = try await global.withMemory(shardOf: try place.name(), creating: false) {
      memory in
      try await place.check(id, in: memory)
      var changes = try changes()
      if domain != nil || language != nil || framework != nil || complexity != nil {
        changes.context = try await context(in: memory)
      }
      return try await memory.updateEpisode(id, changes)
    }
    try global.output.print(updated) { EpisodeText.full(updated, columns: Terminal.outputColumns) }
  }

  private func changes() throws -> EpisodeChanges {
    EpisodeChanges(
      taskDescription: description, taskType: taskType,
      tags: tag.isEmpty
        ? nil : try TagArgument.tags(tag.filter { !$0.isEmpty }, option: "--tag"),
      metadata: try KeyValue.parse(metadata), removedMetadata: Set(removeMetadata),
      agentID: Self.change(agent) { $0 }, sessionID: Self.change(session) { $0 },
      location: try Self.change(location, PlaceArgument.location),
      validFrom: try Self.change(validFrom) {
        try TimeArgument.parse($0, option: "--valid-from", now: .now)
      },
      validUntil: try Self.change(validUntil) {
        try TimeArgument.parse($0, option: "--valid-until", now: .now)
      })
  }

  /// The context with what was given; the rest of it stays.
  private func context(in memory: Memory) async throws -> TaskContext {
    guard let episode = try await memory.episode(id: id) else {
      throw CommandFailure("there is no episode '\(id)'")
    }
    var context = episode.context
    if let domain { context.domain = domain }
    if let language { context.language = language.isEmpty ? nil : language }
    if let framework { context.framework = framework.isEmpty ? nil : framework }
    if let complexity { context.complexity = complexity }
    return context
  }

  private static func change<Value: Hashable & Sendable>(
    _ text: String?, _ read: (String) throws -> Value
  ) rethrows -> FieldChange<Value> {
    guard let text else { return .keep }
    return text.isEmpty ? .clear : .set(try read(text))
  }
}

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

  @Option(help: ArgumentHelp("A fact; can be given again.", valueName: "key=value"))
  var metadata: [String] = []

  @Option(help: ArgumentHelp("The agent at work.", valueName: "id"))
  var agent: String?

  @Option(help: ArgumentHelp("The session.", valueName: "id"))
  var session: String?

  @Option(help: "The namespace.")
  var namespace = Episode.defaultNamespace

  @Option(help: "The id of the episode. Default: a new UUIDv7.")
  var id: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let task = NewTask(
      task, type: taskType,
      context: TaskContext(
        domain: domain, language: language, framework: framework, complexity: complexity),
      namespace: namespace, agentID: agent, sessionID: session, tags: try tag.map { try Tag($0) },
      metadata: try KeyValue.parse(metadata), id: id)
    let episode = try await global.withMemory { try await $0.startEpisode(task) }
    try global.output.print(episode) { episode.id }
  }
}

/// Facts as typed: `key=value`.
enum KeyValue {
  static func parse(_ arguments: [String]) throws -> [String: String] {
    var pairs: [String: String] = [:]
    for argument in arguments {
      guard let split = argument.firstIndex(of: "="), split > argument.startIndex else {
        throw ArgumentParser.ValidationError("'\(argument)' is not a fact; expected key=value")
      }
      pairs[String(argument[..<split])] = String(argument[argument.index(after: split)...])
    }
    return pairs
  }
}

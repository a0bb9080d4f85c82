internal import ArgumentParser
internal import Engram
internal import Episodes

struct PatternListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List patterns in the order of their ids.",
    discussion: """
      EXAMPLES
        engram pattern list
        engram pattern list --kind toolSequence --domain web --format json
      """)

  @Option(help: "Only patterns of this kind.")
  var kind: PatternKind.Name?

  @Option(help: "Only patterns of this domain.")
  var domain: String?

  @OptionGroup var place: NamespaceOptions

  @Option(help: "The most patterns to print, 1 to 10000.")
  var limit = 50

  @Option(help: "Where to go on: the last id of the page before.")
  var after = ""

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    try OptionRange.check(("--limit", limit, 1...10_000))
  }

  func run() async throws {
    let namespace = try place.name()
    let patterns = try await global.withMemory(creating: false) { memory in
      try await PendingLearning.catchUp(memory)
      return try await memory.patterns(
        namespace: namespace, kind: kind, domain: domain, after: after, limit: limit)
    }
    try global.output.print(patterns) {
      PatternText.table(patterns)
        + (patterns.count == limit ? "\nmore: --after \(patterns[limit - 1].id)" : "")
    }
  }
}

struct PatternShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print a pattern.",
    discussion: """
      EXAMPLES
        engram pattern show PATTERN
      """)

  @Argument(help: "The id of the pattern.")
  var id: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let found = try await global.withMemory(creating: false) { try await $0.pattern(id: id) }
    guard let found else { throw CommandFailure("there is no pattern '\(id)'") }
    try global.output.print(found) { PatternText.full(found) }
  }
}

struct PatternExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say why a pattern is believed, and from which episodes it comes.",
    discussion: """
      EXAMPLES
        engram pattern explain PATTERN
        engram pattern explain PATTERN --question "fix the flaky login test"
      """)

  @Argument(help: "The id of the pattern.")
  var id: String

  @Option(help: "A task, in words: how the pattern is scored for it.")
  var question: String?

  @Option(help: "The most episodes to name, 0 to 256.")
  var episodes = 10

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    try OptionRange.check(("--episodes", episodes, 0...PatternMerge.evidenceMax))
  }

  func run() async throws {
    let explanation = try await global.withMemory(creating: false) {
      try await $0.explainPattern(id: id, question: question, evidenceMax: episodes)
    }
    try global.output.print(explanation) { PatternText.explanation(explanation) }
  }
}

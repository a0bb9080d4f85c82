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
    let patterns = try await global.withMemory(shardOf: try place.name(), creating: false) {
      memory in
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

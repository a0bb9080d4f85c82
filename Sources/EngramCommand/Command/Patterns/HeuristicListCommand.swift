internal import ArgumentParser
internal import Engram
internal import Episodes

struct HeuristicListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List heuristics in the order of their ids.",
    discussion: """
      Confidence is the success rate times the square root of the number of episodes; it is 0.7 at least.

      EXAMPLES
        engram heuristic list
        engram heuristic list --namespace team-a --format json
      """)

  @OptionGroup var place: NamespaceOptions

  @Option(help: "The most heuristics to print, 1 to 10000.")
  var limit = 50

  @Option(help: "Where to go on: the last id of the page before.")
  var after = ""

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    try OptionRange.check(("--limit", limit, 1...10_000))
  }

  func run() async throws {
    let namespace = try place.name()
    let heuristics = try await global.withMemory(shardOf: try place.name(), creating: false) {
      memory in
      try await PendingLearning.catchUp(memory)
      return try await memory.heuristics(namespace: namespace, after: after, limit: limit)
    }
    try global.output.print(heuristics) {
      if heuristics.isEmpty {
        return "no heuristic yet: a rule is a decision that kept working, in two episodes at least"
      }
      return PatternText.table(heuristics)
        + (heuristics.count == limit ? "\nmore: --after \(heuristics[limit - 1].id)" : "")
    }
  }
}

internal import ArgumentParser
internal import Engram

struct DuplicatesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "duplicates",
    abstract: "List episodes that say nearly the same.",
    discussion: """
      Compares the embeddings of episodes of one namespace with one another; nothing is done to them. The same \
      content is never stored twice in the first place.

      EXAMPLES
        engram duplicates
        engram duplicates --threshold 0.9 --domain web --limit 20
      """)

  @Option(help: "The least similarity, above 0 and at most 1.")
  var threshold = 0.95

  @Option(help: "The most pairs, at least 1.")
  var limit = 100

  @OptionGroup var filters: FilterOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    try OptionRange.check(("--limit", limit, 1...1_000_000))
    guard threshold > 0, threshold <= 1 else {
      throw ArgumentParser.ValidationError(
        "--threshold is \(threshold); expected above 0 and at most 1")
    }
  }

  func run() async throws {
    let filter = try filters.filter()
    let found = try await global.withMemory(shardOf: try filters.scope.namespace(), creating: false)
    {
      try await $0.nearDuplicates(threshold: threshold, filter: filter, limit: limit)
    }
    try global.output.print(found) {
      if found.pairs.isEmpty {
        return "no two of \(UpkeepText.count(found.compared, "episode")) are that similar"
      }
      var table = TextTable(["similarity", "first", "second"], right: [0])
      for pair in found.pairs {
        table.append([
          UpkeepText.number(pair.similarity, "%.4f"), UpkeepText.short(pair.first, columns: 40),
          UpkeepText.short(pair.second, columns: 40),
        ])
      }
      return table.fitted + (found.isCutOff ? "\nmore: --limit" : "")
    }
  }
}

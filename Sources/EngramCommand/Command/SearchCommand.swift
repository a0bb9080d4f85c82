internal import ArgumentParser
internal import Engram
internal import Episodes

struct SearchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Find episodes by meaning.",
    discussion: """
      Prints the nearest episodes first, with their similarity (-1 to 1). Exactly as many come back \
      as match, up to the limit.

      EXAMPLES
        engram search "login test fails now and then"
        engram search "why is the build slow" --domain ci --limit 3
        engram search "customer charged twice" --since 30d --format json
      """)

  @Argument(help: "What to look for, in words.")
  var words: [String]

  @Option(help: "The most episodes to return, 1 to 1000.")
  var limit = 10

  @OptionGroup var filters: FilterOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard (1...1000).contains(limit) else {
      throw ArgumentParser.ValidationError("--limit is \(limit); expected 1 to 1000")
    }
  }

  func run() async throws {
    let request = SearchRequest(
      words.joined(separator: " "), limit: limit, filter: try filters.filter())
    let results = try await global.withMemory(creating: false) { try await $0.search(request) }
    try global.output.print(results) {
      results.hits.isEmpty
        ? "no episode matches"
        : results.hits.enumerated().map { EpisodeText.hit($1, rank: $0 + 1) }
          .joined(separator: "\n")
    }
  }
}

public import ArgumentParser
public import Engram
internal import Episodes

struct SearchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Find episodes by meaning and words.",
    discussion: """
      Prints the best episodes first, with their score. Exactly as many come back as match, up to the \
      limit. Nothing in the words is an operator: any text is a question.

      By default meaning (the similarity of embeddings) and words (BM25 of their stems) are weighed \
      together, with the rest of the session, recency and reward; --explain shows the parts.

      EXAMPLES
        engram search "login test fails now and then"
        engram search "why is the build slow" --domain ci --limit 3
        engram search "customer charged twice" --since 30d --format json
        engram search "OOMKilled" --mode text
        engram search "deploy failed" --explain --diversity 0.7
      """)

  @Argument(help: "What to look for, in words.")
  var words: [String]

  @Option(help: "The most episodes to return, 1 to 1000.")
  var limit = 10

  @Option(
    help: """
      hybrid: meaning and words together; vector: meaning alone; text: words alone, only episodes that \
      have one of them.
      """)
  var mode = RetrievalMode.hybrid

  @Flag(help: "Show what each score is made of.")
  var explain = false

  @Option(
    help: ArgumentHelp(
      "Prefer hits unlike one another: 1 for none of it, 0 for nothing else; 0.7 is usual.",
      valueName: "lambda"))
  var diversity: Double?

  @OptionGroup var filters: FilterOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard (1...1000).contains(limit) else {
      throw ArgumentParser.ValidationError("--limit is \(limit); expected 1 to 1000")
    }
    if let diversity, !(0...1).contains(diversity) {
      throw ArgumentParser.ValidationError("--diversity is \(diversity); expected 0 to 1")
    }
  }

  func run() async throws {
    let request = SearchRequest(
      words.joined(separator: " "), limit: limit, filter: try filters.filter(), mode: mode,
      diversity: diversity)
    var results = try await global.withMemory(creating: false) { try await $0.search(request) }
    if !explain {
      for index in results.hits.indices { results.hits[index].parts = nil }
    }
    try global.output.print(results) {
      results.hits.isEmpty
        ? "no episode matches" + (mode == .text ? ", or none has a word of the question" : "")
        : results.hits.enumerated().map { EpisodeText.hit($1, rank: $0 + 1) }
          .joined(separator: "\n")
    }
  }
}

extension RetrievalMode: ExpressibleByArgument {}

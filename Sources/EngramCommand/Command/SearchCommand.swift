internal import ArgumentParser
internal import Engram
internal import Episodes

struct SearchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Find episodes by meaning and words.",
    discussion: """
      Prints the best episodes first: rank, score, similarity of the meanings (the cosine, 1 for the same), id \
      and task. Scores order the hits of one search and do not compare with those of another; similarities do. \
      A hit that neither meaning nor words speak for is marked weak; where all are, most likely nothing that is \
      remembered fits. Exactly as many come back as match, up to the limit. Nothing in the words is an \
      operator: any text is a question.

      By default meaning and words (BM25 of their stems) are weighed together, with the rest of the session, \
      recency and reward. --explain shows the parts of a score, --weight NAME=NUMBER sets how much each counts:
      \(SearchCommand.weightList)

      EXAMPLES
        engram search "login test fails now and then"
        engram search "why is the build slow" --domain ci --limit 3
        engram search "customer charged twice" --since 30d --format json
        engram search "OOMKilled" --mode text
        engram search "deploy failed" --explain --diversity 0.7
        engram search "deploy failed" --weight text=0 --weight recency=0.5
        engram search "deploy failed" --context-domain web --context-tag checkout
      """)

  /// The parts of a score, a line each, as the help has them.
  private static let weightList = SearchWeight.allCases.map { weight in
    let usual = Units.fixed(RetrievalWeights()[keyPath: weight.path], digits: 2)
    return "  " + weight.rawValue.padding(to: 15) + "\(weight.summary) (\(usual))"
  }.joined(separator: "\n")

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

  @Option(
    help: ArgumentHelp(
      "How much a part of the score counts, 0 to 1000; can be given again.",
      valueName: "name=number"))
  var weight: [String] = []

  @Option(help: "Prefer episodes of this domain; --domain finds no others.")
  var contextDomain: String?

  @Option(help: "Prefer episodes of this language.")
  var contextLanguage: String?

  @Option(help: "Prefer episodes of this framework.")
  var contextFramework: String?

  @Option(help: "Prefer episodes with this tag; can be given again.")
  var contextTag: [String] = []

  @OptionGroup var filters: FilterOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard (1...1000).contains(limit) else {
      throw ArgumentParser.ValidationError("--limit is \(limit); expected 1 to 1000")
    }
    if let diversity, !(0...1).contains(diversity) {
      throw ArgumentParser.ValidationError("--diversity is \(diversity); expected 0 to 1")
    }
    _ = try SearchWeight.weights(weight, over: RetrievalWeights())
    _ = try context()
  }

  /// Where the asker works; nil where nothing is said of it.
  private func context() throws -> TaskContext? {
    let tags = try TagArgument.tags(contextTag, option: "--context-tag")
    if contextDomain == nil, contextLanguage == nil, contextFramework == nil, tags.isEmpty {
      return nil
    }
    return TaskContext(
      domain: contextDomain ?? TaskContext().domain, language: contextLanguage,
      framework: contextFramework, tags: tags)
  }

  func run() async throws {
    let filter = try filters.filter(inShards: true)
    let context = try context()
    var results: SearchResults
    do {
      let settings = try global.settings()
      let request = SearchRequest(
        words.joined(separator: " "), limit: limit, filter: filter, mode: mode, context: context,
        weights: try SearchWeight.weights(weight, over: settings.configuration().retrieval),
        diversity: diversity)
      if filter.namespace == nil, settings.shards != nil {
        results = try await global.withShards { try await $0.search(request) }
      } else {
        results = try await global.withMemory(shardOf: filter.namespace, creating: false) {
          try await $0.search(request)
        }
      }
    } catch let error as EngramError where error.code == .modelMissing {
      throw CommandFailure(
        "\(error); '--mode text' searches without a model", status: ExitStatus(error))
    }
    if !explain {
      for index in results.hits.indices { results.hits[index].parts = nil }
    }
    for shard in results.missingShards {
      Terminal.writeLine(
        "engram: shard '\(shard.shard)' is missing"
          + (shard.isCacheSearched ? ", and what this node has of it was searched" : "")
          + ": \(TerminalText.printable(shard.problem))")
    }
    let nothing = try filters.nothing("no episode matches")
    try global.output.print(results) { text(of: results, nothing: nothing) }
  }

  private func text(of results: SearchResults, nothing: String) -> String {
    if results.hits.isEmpty {
      return nothing + (mode == .text ? ", or none has a word of the question" : "")
    }
    var lines = results.hits.enumerated().map {
      EpisodeText.hit(
        $1, rank: $0 + 1, mode: mode, isExplained: explain, columns: Terminal.outputColumns)
    }
    if results.isWeak { lines.insert("most likely nothing fits: all hits are weak", at: 0) }
    return lines.joined(separator: "\n")
  }
}

internal import ArgumentParser
internal import Engram
internal import Episodes

/// The task of a question for patterns: its words and where it takes place.
struct PatternOptions: ParsableArguments {
  @Argument(help: "The task, or what to look for, in words.")
  var words: [String]

  @Option(help: "The domain of the task.")
  var domain: String?

  @Option(help: "Its programming or human language.")
  var language: String?

  @Option(help: "Its framework.")
  var framework: String?

  @Option(help: "A tag of it; can be given again.")
  var tag: [String] = []

  @Option(help: "Only patterns of this kind.")
  var kind: PatternKind.Name?

  @OptionGroup var place: NamespaceOptions

  @Option(help: "The most patterns, 1 to 1000.")
  var limit = 5

  func validate() throws {
    _ = try TagArgument.tags(tag, option: "--tag")
    try OptionRange.check(("--limit", limit, 1...PatternRequest.limitMax))
  }

  /// The context, if any part of it is given.
  func context() throws -> TaskContext? {
    let tags = try tag.map { try Tag($0) }
    if domain == nil && language == nil && framework == nil && tags.isEmpty { return nil }
    return TaskContext(
      domain: domain ?? TaskContext().domain, language: language, framework: framework, tags: tags)
  }

  /// - Parameter episode: the episode in which the task is done: its namespace is looked in.
  func request(episode: String? = nil, in memory: Memory) async throws -> PatternRequest {
    PatternRequest(
      words.joined(separator: " "), context: try context(),
      namespace: try await place.name(ofEpisode: episode, in: memory), kind: kind,
      limit: limit, episodeID: episode)
  }
}

public import ArgumentParser
internal import Engram
public import Episodes

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

  @Option(help: "The namespace.")
  var namespace = Episode.defaultNamespace

  @Option(help: "The most patterns, 1 to 1000.")
  var limit = 5

  func validate() throws {
    try OptionRange.check(("--limit", limit, 1...PatternRequest.limitMax))
  }

  /// The context, if any part of it is given.
  func context() throws -> TaskContext? {
    let tags = try tag.map { try Tag($0) }
    if domain == nil && language == nil && framework == nil && tags.isEmpty { return nil }
    return TaskContext(
      domain: domain ?? TaskContext().domain, language: language, framework: framework, tags: tags)
  }

  func request(episode: String? = nil) throws -> PatternRequest {
    PatternRequest(
      words.joined(separator: " "), context: try context(), namespace: namespace, kind: kind,
      limit: limit, episodeID: episode)
  }
}

extension PatternKind.Name: ExpressibleByArgument {}

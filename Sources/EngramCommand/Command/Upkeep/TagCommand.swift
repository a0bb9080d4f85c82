internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

struct TagCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag",
    abstract: "List, rename, merge and delete tags.",
    discussion: """
      Without --namespace a change is made in all namespaces. What is cut off goes on when it is run again.

      EXAMPLES
        engram tag list --limit 20
        engram tag add ID flaky slow
        engram tag rename ci continuous-integration --dry-run
        engram tag merge flakey flacky --into flaky
      """,
    subcommands: [
      TagListCommand.self, TagAddCommand.self, TagRemoveCommand.self, TagRenameCommand.self,
      TagMergeCommand.self, TagDeleteCommand.self,
    ])
}

struct TagListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List tags with their use, the most frequent first.",
    discussion: """
      EXAMPLES
        engram tag list --namespace team-a --limit 20
      """)

  @Option(help: "Only of episodes of this namespace.")
  var namespace: String?

  @Option(help: "The most tags to print, at least 1.")
  var limit = 100

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    try OptionRange.check(("--limit", limit, 1...1_000_000))
  }

  func run() async throws {
    let tags = try await global.withMemory(creating: false) {
      try await $0.tags(namespace: namespace, limit: limit)
    }
    try global.output.print(tags) {
      if tags.isEmpty { return "no episode has a tag" }
      var table = TextTable(
        ["tag", "episodes", "finished", "success", "reward", "last used"], right: [1, 2, 3, 4])
      for tag in tags {
        table.append([
          UpkeepText.short(tag.tag.name, columns: 32), "\(tag.episodes)", "\(tag.finished)",
          UpkeepText.percent(tag.successRate), UpkeepText.number(tag.averageReward),
          String(tag.lastUsed.description.prefix(10)),
        ])
      }
      return table.fitted
    }
  }
}

struct TagAddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add tags to an episode.",
    discussion: """
      EXAMPLES
        engram tag add ID flaky slow
      """)

  @Argument(help: "The id of the episode.")
  var id: String

  @Argument(help: "The tags.")
  var tags: [String]

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let tags = try tags.map { try Tag($0) }
    let episode = try await global.withMemory(creating: false) {
      try await $0.addTags(tags, to: id)
    }
    try global.output.print(episode) { episode.tags.map(\.name).joined(separator: " ") }
  }
}

struct TagRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Take tags from an episode, from its context as well.",
    discussion: """
      EXAMPLES
        engram tag remove ID flaky
      """)

  @Argument(help: "The id of the episode.")
  var id: String

  @Argument(help: "The tags.")
  var tags: [String]

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let tags = try tags.map { try Tag($0) }
    let episode = try await global.withMemory(creating: false) {
      try await $0.removeTags(tags, from: id)
    }
    try global.output.print(episode) { episode.tags.map(\.name).joined(separator: " ") }
  }
}

/// Where tags are replaced, and whether in earnest.
struct TagReplacementOptions: ParsableArguments {
  @Option(help: "Only in episodes of this namespace.")
  var namespace: String?

  @Flag(help: "Only say how many episodes would change.")
  var dryRun = false

  @OptionGroup var global: GlobalOptions

  /// Replaces tags and prints how many episodes have changed.
  func run(_ old: [String], by new: String?) async throws {
    let tags = try old.map { try Tag($0) }
    let replacement = try new.map { try Tag($0) }
    let count = try await global.withMemory(creating: false) {
      try await $0.replaceTags(tags, by: replacement, namespace: namespace, isDryRun: dryRun)
    }
    try global.output.print(TagChange(episodes: count, dryRun: dryRun)) {
      let episodes = UpkeepText.count(count, "episode")
      return dryRun ? "would change \(episodes)" : "changed \(episodes)"
    }
  }

  private struct TagChange: Encodable {
    var episodes: Int
    var dryRun: Bool
  }
}

struct TagRenameCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename",
    abstract: "Give a tag another name, in every episode that has it.",
    discussion: """
      EXAMPLES
        engram tag rename ci continuous-integration --dry-run
      """)

  @Argument(help: "The tag.")
  var old: String

  @Argument(help: "Its new name; if it is in use, the two become one.")
  var new: String

  @OptionGroup var options: TagReplacementOptions

  func run() async throws { try await options.run([old], by: new) }
}

struct TagMergeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Make one tag of several, in every episode that has one.",
    discussion: """
      EXAMPLES
        engram tag merge flakey flacky --into flaky
      """)

  @Argument(help: "The tags.")
  var tags: [String]

  @Option(help: ArgumentHelp("The tag that stands for all of them.", valueName: "tag"))
  var into: String

  @OptionGroup var options: TagReplacementOptions

  func run() async throws { try await options.run(tags, by: into) }
}

struct TagDeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Take tags from every episode; the episodes stay.",
    discussion: """
      EXAMPLES
        engram tag delete obsolete --dry-run
      """)

  @Argument(help: "The tags.")
  var tags: [String]

  @OptionGroup var options: TagReplacementOptions

  func run() async throws { try await options.run(tags, by: nil) }
}

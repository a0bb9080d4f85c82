internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

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

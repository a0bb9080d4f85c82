internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

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

internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

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

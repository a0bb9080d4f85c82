internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

struct NamespaceRenameCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename",
    abstract: "Move every episode of a namespace to another name.",
    discussion: """
      EXAMPLES
        engram namespace rename team-a team-b
        engram namespace rename scratch team-b --merge
      """)

  @Argument(help: "The namespace.")
  var old: String

  @Argument(help: "Its new name.")
  var new: String

  @Flag(help: "Into a namespace that has episodes already; also goes on with what was cut off.")
  var merge = false

  @Flag(help: "Only say how many episodes would be moved.")
  var dryRun = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let count = try await global.withMemory(shardOf: old, creating: false) { memory in
      do throws(EngramError) {
        return try await memory.renameNamespace(old, to: new, merging: merge, isDryRun: dryRun)
      } catch {
        guard error.code == .conflict, !merge else { throw error }
        throw CommandFailure("\(error.message), with --merge", status: ExitStatus(error))
      }
    }
    try global.output.print(Moved(episodes: count, dryRun: dryRun)) {
      (dryRun ? "would move " : "moved ") + UpkeepText.count(count, "episode")
    }
  }

  private struct Moved: Encodable {
    var episodes: Int
    var dryRun: Bool
  }
}

internal import ArgumentParser
internal import DurableStore
internal import Engram

struct StoreRestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Put a backup in the place of the durable store.",
    discussion: """
      The backup is checked first, and brought to the schema of this release. All that is in the home \
      now is replaced, at once or not at all. No program may have the home open: the exit status is 1 \
      then, and nothing is changed.

      EXAMPLES
        engram store restore engram-monday.db
        engram store restore engram-monday.db --home ./copy
      """)

  @Argument(help: "A file that 'engram store backup' made.")
  var file: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await Memory.restoreStore(from: file, to: global.homeFolder)
    try global.output.print(report) {
      "restored \(report.episodeCount) episodes, \(Units.bytes(report.byteCount)); the next command "
        + "fills the cache"
    }
  }
}

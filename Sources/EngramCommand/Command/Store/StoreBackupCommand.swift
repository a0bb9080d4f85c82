internal import ArgumentParser
internal import DurableStore
internal import Engram

struct StoreBackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the durable store into a new file while it is in use.",
    discussion: """
      The copy is of one moment, is checked as a whole, and appears under its name when it is complete. \
      It is a plain SQLite file. The cache and the model are not in it: the cache follows from the \
      store. It may not lie in a home folder.

      EXAMPLES
        engram store backup engram-monday.db
        engram store backup --overwrite latest.db
      """)

  @Argument(help: "The new file.")
  var file: String

  @Flag(help: "Replace a file that is there already.")
  var overwrite = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.withMemory(creating: false) {
      try await $0.backUpStore(to: file, overwrite: overwrite)
    }
    try global.output.print(report) {
      "copied \(report.episodeCount) episodes, \(Units.bytes(report.byteCount)), to \(report.path)"
    }
  }
}

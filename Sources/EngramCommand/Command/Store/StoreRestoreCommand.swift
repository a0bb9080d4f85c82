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
      then, and nothing is changed. A store that is damaged or newer than this release is kept as \
      engram.db.damaged-<time> in the home.

      EXAMPLES
        engram store restore engram-monday.db
        engram store restore engram-monday.db --home ./copy
      """)

  @Argument(help: "A file that 'engram store backup' made.")
  var file: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await restored()
    try global.output.print(report) {
      "restored \(report.episodeCount) episodes, \(Units.bytes(report.byteCount)); the next command "
        + "fills the cache"
        + (report.setAsidePath.map {
          "\nthe file that was there is damaged, or no store of this release, and is kept as \($0)"
        } ?? "")
    }
  }

  /// Restores; a backup that is missing or unsound is told from a failure by the exit status.
  private func restored() async throws -> BackupReport {
    let home = try global.homeFolder()
    do throws(EngramError) {
      return try await Memory.restoreStore(from: file, to: home)
    } catch {
      switch error.underlying as? DurableStoreError {
      case .cannotOpen(file, let problem):
        throw CommandFailure(
          "cannot open the backup \(file): \(problem)", status: .missingInput)
      case .damagedBackup: throw CommandFailure(error.message, status: .badData)
      default: throw error
      }
    }
  }
}

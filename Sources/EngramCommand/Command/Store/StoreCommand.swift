internal import ArgumentParser

struct StoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store",
    abstract: "Look after the durable store: state, check, backup, restore, vacuum.",
    discussion: """
      EXAMPLES
        engram store status
        engram store check
        engram store backup /backups/engram-monday.db
        engram store restore /backups/engram-monday.db
        engram store vacuum
      """,
    subcommands: [
      StoreStatusCommand.self, StoreCheckCommand.self, StoreBackupCommand.self,
      StoreRestoreCommand.self, StoreVacuumCommand.self,
    ])
}

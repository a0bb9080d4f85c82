internal import ArgumentParser
internal import DurableStore
internal import Engram

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

struct StoreStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Print the state of the file, the connections and the circuit breakers.",
    discussion: """
      The counts are those of this process since it opened the store; a service that embeds Engram \
      reads the same from Memory.storeHealth(). The exit status is 1 when the store does not answer.

      EXAMPLES
        engram store status
        engram store status --format json
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let health = try await global.withMemory(creating: false) { await $0.storeHealth() }
    try global.output.print(health) { StoreStatusText.text(health) }
    if !health.isReachable { throw ExitCode(ExitStatus.failure.rawValue) }
  }
}

struct StoreCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Look for damage of the durable store.",
    discussion: """
      Reads every page, every reference between tables, and compares the text, place and tag indexes \
      with the episodes. The exit status is 1 if there is a problem.

      EXAMPLES
        engram store check
        engram store check --format json
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let problems = try await global.withMemory(creating: false) { try await $0.checkStore() }
    try global.output.print(["problems": problems]) {
      problems.isEmpty
        ? "the durable store is sound" : problems.map { "problem: \($0)" }.joined(separator: "\n")
    }
    if !problems.isEmpty { throw ExitCode(ExitStatus.failure.rawValue) }
  }
}

struct StoreVacuumCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vacuum",
    abstract: "Give back the room that deleted records left.",
    discussion: """
      Rewrites the file, which takes as much room again while it runs; reads go on, writes wait.

      EXAMPLES
        engram store vacuum
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.withMemory(creating: false) { try await $0.vacuumStore() }
    try global.output.print(report) {
      "the durable store takes \(Units.bytes(report.bytesAfter)), before "
        + "\(Units.bytes(report.bytesBefore))"
    }
  }
}

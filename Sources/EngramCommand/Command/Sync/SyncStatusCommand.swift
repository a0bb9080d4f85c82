internal import ArgumentParser
internal import Engram
internal import Sync

struct SyncStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Print whether the durable store is there and how far the cache is.",
    discussion: """
      The exit status is 1 if the durable store is away or the last sync failed.

      EXAMPLES
        engram sync status
        engram sync status --format json
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let isWell = try await global.withMemory(creating: false) { memory in
      let health = memory.syncHealth
      try global.output.print(health) {
        var lines = ["durable store   \(health.isStoreAway ? "away" : "there")"]
        lines.append("cache           at change \(memory.cacheWatermark)")
        if let problem = health.problem { lines.append("problem         \(problem)") }
        return lines.joined(separator: "\n")
      }
      return health.problem == nil
    }
    if !isWell { throw ExitCode(ExitStatus.failure.rawValue) }
  }
}

internal import ArgumentParser
internal import Engram
internal import Sync

struct CacheSweepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Drop expired episodes and those over the bounds.",
    discussion: """
      A process that keeps a memory open does so every minute by itself.

      EXAMPLES
        engram cache sweep
        ENGRAM_CACHE_EPISODES=100 engram cache sweep
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.withMemory(creating: false) { try await $0.sweepCache() }
    try global.output.print(report) {
      "dropped \(report.expired) expired and \(report.evicted) evicted episodes; gave back "
        + "\(report.staleReaders) stale readers; mended \(report.healed) damaged records"
    }
  }
}

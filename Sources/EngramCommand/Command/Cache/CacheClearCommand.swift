internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Sync

struct CacheClearCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clear",
    abstract: "Empty the cache and fill it again from the durable store.",
    discussion: """
      Its files are written anew, so that nothing of what was deleted or forgotten stays in them. While another \
      process uses them they are emptied in place: then old bytes stay until their room is used again, and a \
      line on standard error says so.

      EXAMPLES
        engram cache clear
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let files = CacheFiles(home: try global.homeFolder())
    let isAway = try await global.withMemory(creating: false) { memory in
      let health = await memory.storeHealth()
      return health.isReachable ? nil : health.problem ?? "it does not answer"
    }
    // Then the cache is the only copy that can be read.
    if let isAway {
      throw CommandFailure(
        "the durable store is away, and the cache is kept: \(isAway)", status: .unavailable)
    }
    let report: SyncReport
    let held: CacheReport
    if files.areInUse {
      (report, held) = try await global.withMemory(creating: false) {
        let report = try await $0.clearCache()
        try await $0.prepareSearch()
        return (report, try $0.cacheStatistics())
      }
      Terminal.writeLine(
        "engram: other processes use the cache: old bytes stay in its files; clear it again when they have ended"
      )
    } else {
      try files.delete()
      (report, held) = try await global.withMemory(creating: false) {
        // A memory opens with a cache that could not be filled, such as on a full disk; this says why.
        try await $0.sync()
        try await $0.prepareSearch()
        return ($0.openingSync, try $0.cacheStatistics())
      }
    }
    try global.output.print(report) {
      // The report counts what was written, which is more where changes were replayed one after the other.
      let counts = [
        UpkeepText.count(held.episodes, "episode"), UpkeepText.count(held.embeddings, "embedding"),
        UpkeepText.count(held.patterns, "pattern"), UpkeepText.count(held.segments, "segment"),
      ]
      return "emptied the cache and filled it again: " + counts.dropLast().joined(separator: ", ")
        + " and " + counts[3]
    }
  }
}

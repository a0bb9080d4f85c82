internal import ArgumentParser
internal import Engram

struct StatsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Print counts and sizes of the memory.",
    discussion: """
      EXAMPLES
        engram stats
        engram stats --home ./memory --format json
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let statistics = try await global.withMemory(creating: false) { try await $0.statistics() }
    try global.output.print(statistics) {
      """
      home            \(statistics.home)
      episodes        \(statistics.episodes), \(statistics.steps) steps
      patterns        \(statistics.patterns), \(statistics.heuristics) heuristics
      embeddings      \(statistics.embeddings), of episodes and patterns
      durable store   \(Units.bytes(statistics.databaseBytes)), schema \
      \(statistics.schemaVersion), change \(statistics.lastChange)
      cache           \(statistics.cachedEpisodes) episodes, \(statistics.cachedEmbeddings) \
      embeddings, \(Units.bytes(statistics.cacheBytes)), at change \(statistics.watermark)
      index           \(statistics.segments) segments, \(Units.bytes(statistics.segmentBytes))
      """
    }
  }
}

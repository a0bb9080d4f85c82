internal import ArgumentParser
internal import Engram
internal import Sync

struct CacheStatsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Print what the cache holds, takes and has done.",
    discussion: """
      Counts are of all processes since the cache was made; those of a process that is at work are \
      added at its next write or sweep.

      EXAMPLES
        engram cache stats
        engram cache stats --format json
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.withMemory(creating: false) { try $0.cacheStatistics() }
    try global.output.print(report) { text(report) }
  }

  private func compression(_ report: CacheReport) -> String {
    let level = report.compressionLevel.map { "level \($0)" } ?? "off"
    return level + (report.dictionary.map { ", dictionary \($0)" } ?? "")
  }

  private func text(_ report: CacheReport) -> String {
    let total = report.total
    let hitRate = total.hitRate.map { " (\(Units.fixed($0 * 100, digits: 1)) %)" } ?? ""
    return """
      cache           \(report.path), at change \(report.watermark)
      episodes        \(report.episodes) of at most \(report.episodesMax), \
      \(Units.bytes(report.episodeBytes)) of at most \(Units.bytes(report.episodeBytesMax))
      other records   \(report.patterns) patterns, \(report.heuristics) heuristics, \
      \(report.embeddings) embeddings
      compression     \(compression(report))
      records file    \(Units.bytes(report.recordFileBytes)), \(Units.bytes(report.recordBytes)) in use
      segments file   \(Units.bytes(report.segmentFileBytes)), \(Units.bytes(report.segmentBytes)) \
      in use by \(report.segments) segments
      reads           \(total.reads): \(total.hits) hits\(hitRate), \(total.misses) misses
      writes          \(total.writes), \(total.deletes) deletes
      dropped         \(total.evictions) evicted, \(total.expirations) expired
      damaged         \(total.damagedValues)
      """
  }
}

internal import ArgumentParser
internal import Engram
internal import Sync

struct CacheCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache",
    abstract: "Describe, sweep, clear or check the cache.",
    discussion: """
      The cache is a copy of part of the durable store, for reading fast. It is never the only copy: \
      clearing it, or deleting its folder while nothing runs, loses nothing.

      How it is kept is set by variables of the environment, for every command:
        ENGRAM_CACHE_EPISODES     the most episodes (default 1000)
        ENGRAM_CACHE_BYTES        the most bytes of episodes (default 268435456)
        ENGRAM_CACHE_TTL          seconds after which an episode leaves it (default: never)
        ENGRAM_CACHE_COMPRESSION  off, on, or a level from 1 to 19 (default off)

      EXAMPLES
        engram cache stats
        ENGRAM_CACHE_COMPRESSION=on engram cache clear
        engram cache check --repair
      """,
    subcommands: [
      CacheStatsCommand.self, CacheSweepCommand.self, CacheClearCommand.self,
      CacheCheckCommand.self,
    ])
}

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

  private func text(_ report: CacheReport) -> String {
    let total = report.total
    let hitRate = total.hitRate.map { " (\(Units.fixed($0 * 100, digits: 1)) %)" } ?? ""
    return """
      cache           \(report.path), at change \(report.watermark)
      episodes        \(report.episodes) of at most \(report.episodesMax), \
      \(Units.bytes(report.episodeBytes)) of at most \(Units.bytes(report.episodeBytesMax))
      other records   \(report.patterns) patterns, \(report.heuristics) heuristics, \
      \(report.embeddings) embeddings
      compression     \(report.dictionary.map { "with dictionary \($0)" } ?? "no dictionary")
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

struct CacheClearCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clear",
    abstract: "Empty the cache and fill it again from the durable store.",
    discussion: """
      EXAMPLES
        engram cache clear
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.withMemory(creating: false) { try await $0.clearCache() }
    try global.output.print(report) {
      "emptied the cache and carried \(report.episodesWritten) episodes, "
        + "\(report.embeddingsWritten) embeddings, \(report.patternsWritten) patterns and "
        + "\(report.segmentsCarried) segments"
    }
  }
}

struct CacheCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compare every byte of the cache with its checksums.",
    discussion: """
      The exit status is 1 if anything is damaged and was not repaired. Opening the memory already \
      sets a damaged file aside as cache/records.set-aside and fills a new one.

      EXAMPLES
        engram cache check
        engram cache check --repair --format json
      """)

  @Flag(help: "Read what is damaged from the durable store again.")
  var repair = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let health = try await global.withMemory(creating: false) {
      try await $0.checkCache(repairing: repair)
    }
    try global.output.print(health) {
      var lines = health.problems.map { "problem: \($0)" }
      if health.isSound {
        lines.append(
          "\(health.episodes) episodes, \(health.patterns) patterns, \(health.heuristics) "
            + "heuristics, \(health.embeddings) embeddings and \(health.segments) segments: "
            + "every checksum matches")
      } else if health.isRepaired {
        lines.append("repaired from the durable store")
      }
      return lines.joined(separator: "\n")
    }
    if !health.isSound, !health.isRepaired { throw ExitCode(ExitStatus.failure.rawValue) }
  }
}

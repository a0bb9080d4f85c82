internal import ArgumentParser
internal import Engram
internal import Sync

struct CacheCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compare every byte of the cache with its checksums.",
    discussion: """
      The exit status is 1 if anything is damaged and was not repaired. Opening the memory already \
      sets a damaged file aside as cache/records.set-aside and fills a new one; that is said too.

      EXAMPLES
        engram cache check
        engram cache check --repair --format json
      """)

  @Flag(help: "Read what is damaged from the durable store again.")
  var repair = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    // No sweep mends beside the check what that is to find.
    let health = try await global.withMemory(
      creating: false, configure: SyncValidateCommand.withoutSweeps
    ) {
      try await $0.checkCache(repairing: repair)
    }
    try global.output.print(health) {
      var lines = health.mendedAtOpening.map { "mended at opening: \($0)" }
      lines += health.problems.map { "problem: \($0)" }
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

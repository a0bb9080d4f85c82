internal import ArgumentParser
internal import Engram
internal import Sync

struct SyncCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Bring the cache up to date with the durable store, and compare the two.",
    discussion: """
      Carries what changed, then the index segments. A cache that was deleted is filled again. The \
      exit status is 1 if the comparison finds a difference.

      EXAMPLES
        engram sync
        engram sync --format json
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let sound = try await global.withMemory(creating: false) { memory in
      // Opening a memory syncs already: what that did is what this command did.
      let report = memory.openingSync + (try await memory.sync())
      let validation = try await memory.validateCache()
      try global.output.print(SyncOutput(sync: report, validation: validation)) {
        text(report, validation)
      }
      return validation.isSound
    }
    if !sound { throw ExitCode(ExitStatus.failure.rawValue) }
  }

  private func text(_ report: SyncReport, _ validation: CacheValidation) -> String {
    var lines = [
      report.changedNothing
        ? "up to date at change \(report.watermark)"
        : "carried \(report.changeCount) changes in \(report.batchCount) batches: "
          + "\(report.episodesWritten) episodes, \(report.embeddingsWritten) embeddings, "
          + "\(report.patternsWritten) patterns, \(report.recordsDeleted) deletions, "
          + "\(report.segmentsCarried) segments (\(Units.bytes(report.segmentBytes))); "
          + "at change \(report.watermark)"
    ]
    lines +=
      validation.isSound
      ? ["the cache agrees with the durable store"] : validation.problems.map { "problem: \($0)" }
    return lines.joined(separator: "\n")
  }
}

private struct SyncOutput: Encodable {
  var sync: SyncReport
  var validation: CacheValidation
}

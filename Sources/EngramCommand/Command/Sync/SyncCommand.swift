internal import ArgumentParser
internal import Engram
internal import Sync

struct SyncCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Bring the cache up to date with the durable store.",
    discussion: """
      Carries what changed, then the index segments, and compares the two. A cache that was deleted is \
      filled again. The exit status is 1 if the comparison finds a difference.

      With --watch it stays and syncs at an interval, and sooner after a failure, until it gets SIGINT \
      or SIGTERM; a line is printed for each sync that carried something, and for each new failure.

      EXAMPLES
        engram sync
        engram sync --format json
        engram sync --watch --interval 30
        engram sync validate --repair
      """,
    subcommands: [SyncValidateCommand.self, SyncStatusCommand.self])

  @Flag(help: "Stay, and sync at an interval.")
  var watch = false

  @Option(help: ArgumentHelp("With --watch: between two syncs.", valueName: "seconds"))
  var interval = 60.0

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard interval >= 0.01, interval <= 86_400 else {
      throw ArgumentParser.ValidationError("--interval is \(interval); expected 0.01 to 86400")
    }
  }

  func run() async throws {
    if watch { return try await SyncWatch(global: global, intervalSeconds: interval).run() }
    let sound = try await global.withMemory(creating: false) { memory in
      // Opening a memory syncs already: what that did is what this command did.
      let report = memory.openingSync + (try await memory.sync())
      // What was filled is searched next.
      if report.isFull { try await memory.prepareSearch() }
      let validation = try await memory.validateCache()
      try global.output.print(SyncOutput(sync: report, validation: validation)) {
        var lines = [report.text]
        lines +=
          validation.isSound
          ? ["the cache agrees with the durable store"]
          : validation.problems.map { "problem: \($0)" }
        return lines.joined(separator: "\n")
      }
      return validation.isSound
    }
    if !sound { throw ExitCode(ExitStatus.failure.rawValue) }
  }
}

private struct SyncOutput: Encodable {
  var sync: SyncReport
  var validation: CacheValidation
}

extension SyncReport {
  /// For people.
  var text: String {
    if changedNothing { return "up to date at change \(watermark)" }
    let source =
      isFull ? "filled the cache" : "carried \(changeCount) changes"
    return "\(source) in \(batchCount) batches: \(episodesWritten) episodes, "
      + "\(embeddingsWritten) embeddings, \(patternsWritten) patterns, \(recordsDeleted) deletions, "
      + "\(segmentsCarried) segments (\(Units.bytes(segmentBytes))); at change \(watermark)"
  }
}

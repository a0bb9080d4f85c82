internal import Engram
internal import Episodes
internal import ServiceLifecycle

/// Imports the transcripts in folders as they grow, until the process is told to end.
struct TranscriptWatch: Service {
  let importer: TranscriptImporter
  /// Folders and files.
  let places: [String]
  let intervalSeconds: Double
  let output: OutputOptions

  /// A file that grows all the time is imported this often.
  private static let growingSecondsMax = 10.0

  /// What is known of a file.
  private struct Seen {
    var stamp: TranscriptFileVersion
    /// The stamp that was imported last, or found to be no transcript.
    var done: TranscriptFileVersion?
    var changedSince: Timestamp
    /// Why it could not be imported, which is said once.
    var problem: String?
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      let clock = ContinuousClock()
      var seen: [String: Seen] = [:]
      var lastLook: ContinuousClock.Instant?
      let events = FolderEvents()
      while !Task.isCancelled {
        let isFirst = lastLook == nil
        // First: what is written while it is looked is told again.
        let isTold = events?.take() ?? true
        if isFirst || isTold { follow(with: events) }
        let isDue = lastLook.map { clock.now - $0 >= .seconds(Self.quietSecondsMax) } ?? true
        let isWaiting = seen.values.contains { $0.done != $0.stamp }
        if isDue || isTold || isWaiting || !(events?.isComplete ?? false) {
          lastLook = clock.now
          await look(&seen, isFirst: isFirst)
        }
        do {
          try await Task.sleep(for: .milliseconds(Int(intervalSeconds * 1_000)))
        } catch {
          break
        }
      }
    }
  }

  /// Without a word of the kernel it is looked this seldom, should one have been lost.
  private static let quietSecondsMax = 60.0

  private func follow(with events: FolderEvents?) {
    guard let events else { return }
    for place in places {
      if InputFile.isFolder(place) {
        events.follow(place, isDeep: true)
      } else {
        events.follow(
          place.lastIndex(of: "/").map { String(place[...$0]) } ?? ".", isDeep: false)
      }
    }
  }

  private func look(_ seen: inout [String: Seen], isFirst: Bool) async {
    var now: [String: Seen] = [:]
    for place in places {
      for path in InputFile.isFolder(place) ? TranscriptFolder.files(in: place) : [place] {
        if Task.isCancelled { return }
        guard let stamp = try? TranscriptFile(path: path, options: importer.options).stamp else {
          continue
        }
        var file = seen[path] ?? Seen(stamp: stamp, changedSince: .now)
        let isSettled = file.stamp == stamp && (seen[path] != nil || isFirst)
        file.stamp = stamp
        if file.done != stamp,
          isSettled || Timestamp.now.seconds(since: file.changedSince) >= Self.growingSecondsMax
        {
          let problem = await importFile(path)
          if problem == nil { file.done = stamp }
          if let problem, problem != file.problem { Terminal.writeLine("engram: \(problem)") }
          file.problem = problem
          file.changedSince = .now
        } else if file.done == stamp {
          file.changedSince = .now
        }
        now[path] = file
      }
    }
    // Files that are gone are forgotten.
    seen = now
  }

  /// - Returns: why it has to be tried again; nil where it has not.
  private func importFile(_ path: String) async -> String? {
    // A task of its own, so that the end of the service does not cut the import off.
    let importer = importer
    let result = await Task {
      var report = TranscriptReport()
      do {
        try await importer.add(path, to: &report)
        return Result<TranscriptReport, any Error>.success(report)
      } catch {
        return .failure(error)
      }
    }.value
    switch result {
    case .success(let report):
      tell(path, report)
      return nil
    case .failure(let error): return TerminalText.printable("\(path): \(error)")
    }
  }

  private struct Line: Encodable {
    var path: String
    var report: TranscriptReport
  }

  private func tell(_ path: String, _ report: TranscriptReport) {
    for problem in report.problems { Terminal.writeLine("engram: \(problem)") }
    if report.changedNothing { return }
    do {
      switch output.format {
      case .json: try StandardOutput.printLine(JSONOutput.line(Line(path: path, report: report)))
      case .text:
        try StandardOutput.printLine("\(TerminalText.printable(path)): \(report.text)")
      }
    } catch {
      // Nobody reads on: the import goes on.
    }
  }
}

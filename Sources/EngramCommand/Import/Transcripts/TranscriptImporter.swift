internal import Engram
internal import Episodes
internal import Transcripts

/// Brings transcripts into a memory, each from where it was left.
struct TranscriptImporter {
  /// Episodes that are stored at once.
  private struct Batch {
    private static let countMax = 32
    private static let bytesMax = 8 << 20

    private var episodes: [Episode] = []
    private var bytes = 0
    private(set) var stepCount = 0

    var isFull: Bool { episodes.count >= Self.countMax || bytes >= Self.bytesMax }

    /// A message that stands in a file twice is one: as it is told last.
    mutating func add(_ episode: Episode) {
      stepCount += episode.steps.count
      bytes += episode.textByteCount
      if let index = episodes.firstIndex(where: { $0.id == episode.id }) {
        episodes[index] = episode
      } else {
        episodes.append(episode)
      }
    }

    mutating func take() -> [Episode] {
      defer {
        episodes.removeAll(keepingCapacity: true)
        bytes = 0
      }
      return episodes
    }
  }

  let memory: Memory
  let places: TranscriptPlaces
  var options = TranscriptFile.Options()
  /// Episodes that began before are left out; then no places are kept.
  var since: Timestamp?
  /// Whether files are read from their beginning, whatever was read before.
  var startsOver = false

  /// Imports a file.
  ///
  /// - Returns: false for one that is no transcript.
  /// - Throws: ``FileError``, ``EngramError``; what was stored before stays, and importing again goes on.
  @discardableResult
  func add(_ path: String, to report: inout TranscriptReport) async throws -> Bool {
    let file = try TranscriptFile(path: path, options: options)
    let store = try memory.storeID
    let place = startsOver ? nil : places.place(in: file.path, of: store)
    if let place, place.stamp == file.stamp, options.format == nil || options.format == place.format
    {
      report.unchangedFiles += 1
      return true
    }
    if let since, file.stamp.modified < since {
      report.unchangedFiles += 1
      return true
    }
    var batch = Batch()
    var summary = RecordSummary()
    var problems: [String] = []
    let result = try await file.read(from: place) { episodes, reached in
      for episode in episodes where since.map({ episode.startTime >= $0 }) ?? true {
        do throws(Episodes.ValidationError) {
          try episode.validate()
        } catch {
          // One that cannot be stored must not keep back the others for ever.
          problems.append("\(file.path): episode '\(episode.id)': \(error)")
          continue
        }
        batch.add(episode)
      }
      guard batch.isFull else { return }
      summary += try await memory.recordEpisodes(batch.take())
      // One that is stopped in the midst, such as a hook that took too long, goes on there.
      if since == nil, let reached { try? places.save(file.unfinished(reached), of: store) }
    }
    guard let result else { return false }
    summary += try await memory.recordEpisodes(batch.take())
    report.add(result)
    report.add(summary)
    report.steps += batch.stepCount
    for problem in problems {
      report.failedLines += 1
      report.note(problem)
    }
    guard since == nil else { return true }
    do {
      try places.save(result.place, of: store)
    } catch {
      // The next import reads it again.
      report.note("how far \(file.path) was read cannot be kept: \(error)")
    }
    return true
  }
}

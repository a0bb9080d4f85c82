internal import Engram
internal import Episodes
internal import Transcripts

/// Brings transcripts into a memory, each from where it was left.
struct TranscriptImporter {
  private static let batchCountMax = 32
  private static let batchBytesMax = 8 << 20

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
    let place = startsOver ? nil : places.place(in: file.path)
    if let place, place.stamp == file.stamp, options.format == nil || options.format == place.format
    {
      report.unchangedFiles += 1
      return true
    }
    if let since, file.stamp.modified < since {
      report.unchangedFiles += 1
      return true
    }
    var batch: [Episode] = []
    var bytes = 0
    var summary = RecordSummary()
    var steps = 0
    let result = try await file.read(from: place) { episodes in
      for episode in episodes where since.map({ episode.startTime >= $0 }) ?? true {
        batch.append(episode)
        steps += episode.steps.count
        bytes += episode.textByteCount
        if batch.count == Self.batchCountMax || bytes >= Self.batchBytesMax {
          summary += try await memory.recordEpisodes(batch)
          batch.removeAll(keepingCapacity: true)
          bytes = 0
        }
      }
    }
    guard let result else { return false }
    summary += try await memory.recordEpisodes(batch)
    report.add(result)
    report.add(summary)
    report.steps += steps
    if since == nil { try places.save(result.place) }
    return true
  }
}

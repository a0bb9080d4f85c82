internal import Engram
internal import Transcripts

/// What an import of transcripts did.
struct TranscriptReport: Encodable {
  /// Files that were read, that had not changed, and that are no transcripts.
  var files = 0
  var unchangedFiles = 0
  var skippedFiles = 0
  /// Episodes.
  var added = 0
  var updated = 0
  var unchanged = 0
  var forgotten = 0
  var evicted = 0
  /// Episodes that were found, where nothing is stored.
  var found: Int?
  /// Of the episodes that were read.
  var steps = 0
  /// Secrets that were taken out, by kind.
  var redactions: [String: Int] = [:]
  var failedLines = 0
  /// The first lines that were not understood, and files that could not be read.
  var problems: [String] = []
  var failedFiles = 0

  static let problemsMax = 100

  mutating func add(_ summary: RecordSummary) {
    added += summary.added
    updated += summary.updated
    unchanged += summary.unchanged
    forgotten += summary.forgotten
    evicted += summary.evicted
  }

  mutating func add(_ result: TranscriptFile.Result) {
    files += 1
    failedLines += result.failedLines
    for (kind, count) in result.redactions { redactions[kind.rawValue, default: 0] += count }
    for problem in result.problems { note(problem) }
  }

  mutating func note(_ problem: String) {
    if problems.count < Self.problemsMax { problems.append(TerminalText.printable(problem)) }
  }

  var changedNothing: Bool {
    added + updated + forgotten + evicted + failedLines + failedFiles == 0
  }

  var redactionCount: Int { redactions.values.reduce(0, +) }

  var text: String {
    func count(_ count: Int, _ noun: String) -> String { UpkeepText.count(count, noun) }
    var parts: [String]
    if let found {
      parts = ["found " + count(found, "episode")]
    } else {
      parts = ["imported " + count(added, "episode")]
      if updated > 0 { parts.append("updated \(updated)") }
      if unchanged > 0 { parts.append("\(unchanged) unchanged") }
      if forgotten > 0 { parts.append("\(forgotten) were forgotten and stay away") }
      if evicted > 0 { parts.append("\(evicted) evicted: more than the limit allows") }
    }
    parts.append(count(steps, "step"))
    var files = count(self.files, "file")
    if unchangedFiles > 0 { files += " (and \(unchangedFiles) unchanged)" }
    parts.append("from " + files)
    if redactionCount > 0 { parts.append(count(redactionCount, "secret") + " taken out") }
    if skippedFiles > 0 { parts.append(count(skippedFiles, "file") + " of other kinds") }
    if failedFiles > 0 { parts.append(count(failedFiles, "file") + " could not be read") }
    if failedLines > 0 { parts.append(count(failedLines, "line") + " not understood") }
    return parts.joined(separator: ", ")
  }
}

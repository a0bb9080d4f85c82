internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

struct ImportReport: Encodable {
  var added: Int
  var replaced: Int
  var alreadyStored: Int
  var failedLines: Int
  /// Of those already stored, the ones with another id.
  var sameContent: Int
  /// Not stored, because they were forgotten.
  var forgotten: Int
  /// Patterns and heuristics that rest on such.
  var forgottenLearning: Int?
  /// Deleted, because there were more than the limit allows.
  var evicted: Int

  var patterns: Int?
  var heuristics: Int?
  var relationships: Int?

  init(_ summary: RecordImportSummary, failedLines: Int) {
    added = summary.episodes
    replaced = 0
    alreadyStored = summary.alreadyStored
    self.failedLines = failedLines
    sameContent = summary.sameContent
    forgotten = summary.forgotten
    forgottenLearning = summary.forgottenLearning
    evicted = summary.evicted
    patterns = summary.patterns
    heuristics = summary.heuristics
    relationships = summary.relationships
  }

  init(_ summary: ImportSummary, failedLines: Int) {
    added = summary.added
    replaced = summary.replaced
    alreadyStored = summary.alreadyStored
    self.failedLines = failedLines
    sameContent = summary.sameContent
    forgotten = summary.forgotten
    evicted = summary.evicted
  }

  var text: String {
    func count(_ count: Int, _ noun: String) -> String { UpkeepText.count(count, noun) }
    var parts = ["imported " + count(added, "episode")]
    if let patterns, patterns > 0 { parts.append(count(patterns, "pattern")) }
    if let heuristics, heuristics > 0 { parts.append(count(heuristics, "heuristic")) }
    if let relationships, relationships > 0 { parts.append(count(relationships, "relationship")) }
    if replaced > 0 { parts.append("updated \(replaced)") }
    if alreadyStored > 0 {
      parts.append(
        alreadyStored == 1 ? "1 was there already" : "\(alreadyStored) were there already")
    }
    if sameContent > 0 { parts.append("\(sameContent) of them under another id") }
    // Only an import of records can be told to take them.
    let advice = relationships == nil ? "" : " (--allow-forgotten)"
    if forgotten > 0 { parts.append("\(forgotten) were forgotten and stay away\(advice)") }
    if let forgottenLearning, forgottenLearning > 0 {
      parts.append("\(forgottenLearning) patterns and heuristics rest on forgotten episodes")
    }
    if evicted > 0 {
      parts.append(
        "\(evicted) \(evicted == 1 ? "was" : "were") evicted: more than the limit allows")
    }
    if failedLines > 0 { parts.append(count(failedLines, "line") + " could not be read") }
    return parts.joined(separator: ", ")
  }
}

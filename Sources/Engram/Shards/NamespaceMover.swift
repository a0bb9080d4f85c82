internal import DurableStore
internal import Episodes

/// Copies the records of one namespace to another memory, and compares.
actor NamespaceMover {
  static let batchSize = 256

  private let namespace: String
  private let target: Memory
  private var batch: [StoredRecord] = []
  private var episodeIDs: [String] = []
  private var patternIDs: [String] = []
  private var heuristicIDs: [String] = []
  private var relationshipIDs: [String] = []
  private var known: Set<String> = []
  private var summary = RecordImportSummary()

  init(namespace: String, to target: Memory) {
    self.namespace = namespace
    self.target = target
  }

  var isEmpty: Bool { episodeIDs.isEmpty && patternIDs.isEmpty && heuristicIDs.isEmpty }

  /// Takes a record of the export, which has relationships after their episodes.
  func take(_ record: StoredRecord) async throws {
    switch record {
    case .episode(let episode, _), .learned(let episode, _):
      guard episode.namespace == namespace else { return }
      episodeIDs.append(episode.id)
      known.insert(episode.id)
    case .pattern(let pattern, _):
      guard pattern.namespace == namespace else { return }
      patternIDs.append(pattern.id)
    case .heuristic(let heuristic):
      guard heuristic.namespace == namespace else { return }
      heuristicIDs.append(heuristic.id)
    case .relationship(let relationship):
      guard known.contains(relationship.from), known.contains(relationship.to) else { return }
      relationshipIDs.append(relationship.id)
    }
    batch.append(record)
    if batch.count >= Self.batchSize { try await finish() }
  }

  /// Stores what has been taken.
  func finish() async throws {
    let records = batch
    batch = []
    if records.isEmpty { return }
    // The same, whatever was forgotten there or is alike.
    summary += try await target.importRecords(records, readmitting: true, keepingCopies: true)
  }

  /// Compares what was taken with what the target has.
  ///
  /// - Returns: the ids of the episodes, all of which are there.
  /// - Throws: ``EngramError`` with code `conflict` that names what is not.
  func verify(in source: Memory) async throws -> [String] {
    var different: [String] = []
    for start in stride(from: 0, to: episodeIDs.count, by: Self.batchSize) {
      let ids = Array(episodeIDs[start..<min(episodeIDs.count, start + Self.batchSize)])
      let copies = Dictionary(
        try await target.store.episodes(ids: ids).map { ($0.id, $0) },
        uniquingKeysWith: { first, _ in first })
      for original in try await source.store.episodes(ids: ids) {
        guard let copy = copies[original.id], Self.holds(copy, all: original) else {
          different.append("episode '\(original.id)'")
          continue
        }
      }
    }
    // What is learned goes on where it is now, so that these may differ.
    for id in patternIDs where try await target.store.pattern(id: id) == nil {
      different.append("pattern '\(id)'")
    }
    for id in heuristicIDs where try await target.store.heuristic(id: id) == nil {
      different.append("heuristic '\(id)'")
    }
    for id in relationshipIDs where try await target.store.relationship(id: id) == nil {
      different.append("relationship '\(id)'")
    }
    guard different.isEmpty else {
      throw EngramError(
        code: .conflict,
        message:
          "\(different.count) records are not the same in both shards, and nothing was taken away: "
          + different.prefix(5).joined(separator: ", "))
    }
    return episodeIDs
  }

  /// Whether a copy is its original, or the same episode later: one that was copied by a move that was cut off may have
  /// gone on where it is now. What differs otherwise was changed on one side or the other, and would be lost.
  private static func holds(_ copy: Episode, all original: Episode) -> Bool {
    guard copy.steps.starts(with: original.steps),
      copy.checkpoints.starts(with: original.checkpoints)
    else { return false }
    var (copy, original) = (copy, original)
    copy.steps = original.steps
    copy.checkpoints = original.checkpoints
    if !original.isFinished {
      copy.endTime = original.endTime
      copy.outcome = original.outcome
      copy.reward = original.reward
      copy.reflection = original.reflection
      copy.salientFeatures = original.salientFeatures
      copy.appliedPatterns = original.appliedPatterns
    }
    // The memory there learns by itself.
    for path in [\Episode.patternIDs, \Episode.heuristicIDs] {
      copy[keyPath: path] = []
      original[keyPath: path] = []
    }
    return copy == original
  }

  func tell(_ report: inout NamespaceMoveReport) {
    report.episodes = episodeIDs.count
    report.patterns = patternIDs.count
    report.heuristics = heuristicIDs.count
    report.relationships = relationshipIDs.count
    report.alreadyThere = summary.alreadyStored
  }
}

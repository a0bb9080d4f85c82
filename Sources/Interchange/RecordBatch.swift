package import DurableStore
package import Engram
internal import Episodes

/// Gathers records and stores them a batch at a time.
package struct RecordBatch {
  private let memory: Memory
  package private(set) var summary = RecordImportSummary()
  /// Problems beyond those that the summary may have.
  package private(set) var problemsLeftOut = 0
  private var records: [StoredRecord] = []

  private let countMax: Int
  /// Told the ids of episodes once they are stored.
  private let onStored: (([String]) throws -> Void)?
  /// Whether forgotten episodes come back.
  private let isReadmitting: Bool
  /// Whether the same content is stored again under another id.
  private let keepsCopies: Bool
  private let problemsMax: Int

  /// - Parameters:
  ///   - countMax: records that are stored at once.
  ///   - problemsMax: the most problems that are kept in words; others are counted.
  ///   - onStored: called after each batch with the ids of episodes that are stored for good under them.
  package init(
    memory: Memory, countMax: Int, isReadmitting: Bool = false, keepsCopies: Bool = false,
    problemsMax: Int = .max, onStored: (([String]) throws -> Void)? = nil
  ) {
    self.memory = memory
    self.countMax = countMax
    self.onStored = onStored
    self.isReadmitting = isReadmitting
    self.keepsCopies = keepsCopies
    self.problemsMax = problemsMax
  }

  package mutating func add(_ record: StoredRecord) async throws {
    // Only now, so that embeddings still find the record before them.
    if records.count >= countMax { try await flush() }
    records.append(record)
  }

  package mutating func add(_ line: RecordLine, number: Int) async throws {
    switch line {
    case .pattern(let pattern): try await add(.pattern(pattern, embeddings: []))
    case .heuristic(let heuristic): try await add(.heuristic(heuristic))
    case .relationship(let relationship): try await add(.relationship(relationship))
    case .learned(let id):
      guard case .episode(let episode, let embeddings)? = records.last, episode.id == id else {
        throw EpisodeLineError(
          line: number, field: "learned.episode", problem: "'\(id)' is not the episode before it",
          advice: "expected it right after the episode that was learned from")
      }
      records[records.count - 1] = .learned(episode, embeddings: embeddings)
    case .embedding(let embedding):
      guard attach(embedding) else {
        throw EpisodeLineError(
          line: number, field: "embedding.owner",
          problem: "'\(embedding.owner.id)' is not the record before it",
          advice: "expected an embedding right after the episode or pattern it belongs to")
      }
    }
  }

  private mutating func attach(_ embedding: Embedding) -> Bool {
    // Taken out, so that its list grows in place of being copied for each embedding.
    guard let last = records.popLast() else { return false }
    switch last {
    case .episode(let episode, var embeddings)
    where embedding.owner.id == episode.id && embedding.owner.kind != .pattern:
      embeddings.append(embedding)
      records.append(.episode(episode, embeddings: embeddings))
    case .learned(let episode, var embeddings)
    where embedding.owner.id == episode.id && embedding.owner.kind != .pattern:
      embeddings.append(embedding)
      records.append(.learned(episode, embeddings: embeddings))
    case .pattern(let pattern, var embeddings)
    where embedding.owner.id == pattern.id && embedding.owner.kind == .pattern:
      embeddings.append(embedding)
      records.append(.pattern(pattern, embeddings: embeddings))
    default:
      records.append(last)
      return false
    }
    return true
  }

  package mutating func flush() async throws {
    guard !records.isEmpty else { return }
    let batch = records
    records.removeAll(keepingCapacity: true)
    let stored = try await memory.importRecords(
      batch, readmitting: isReadmitting, keepingCopies: keepsCopies)
    summary += stored
    let extra = summary.problems.count - problemsMax
    if extra > 0 {
      summary.problems.removeLast(extra)
      problemsLeftOut += extra
    }
    guard let onStored else { return }
    let omitted = Set(stored.omittedIDs)
    try onStored(
      batch.compactMap { record in
        switch record {
        case .episode(let episode, _), .learned(let episode, _):
          omitted.contains(episode.id) ? nil : episode.id
        case .pattern, .heuristic, .relationship: nil
        }
      })
  }
}

internal import DurableStore
internal import Engram
internal import Episodes

/// Gathers records and stores them a batch at a time.
struct RecordBatch {
  let memory: Memory
  private(set) var summary = RecordImportSummary()
  private var records: [StoredRecord] = []

  private let countMax: Int
  /// Whether the id of each episode is printed once it is stored.
  private let isAcknowledging: Bool
  /// Whether forgotten episodes come back.
  private let isReadmitting: Bool
  /// Whether the same content is stored again under another id.
  private let keepsCopies: Bool

  init(
    memory: Memory, countMax: Int, isAcknowledging: Bool, isReadmitting: Bool = false,
    keepsCopies: Bool = false
  ) {
    self.memory = memory
    self.countMax = countMax
    self.isAcknowledging = isAcknowledging
    self.isReadmitting = isReadmitting
    self.keepsCopies = keepsCopies
  }

  mutating func add(_ record: StoredRecord) async throws {
    // Only now, so that embeddings still find the record before them.
    if records.count >= countMax { try await flush() }
    records.append(record)
  }

  mutating func add(_ line: RecordLine, number: Int) async throws {
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
    switch records.last {
    case .episode(let episode, let embeddings)?
    where embedding.owner.id == episode.id && embedding.owner.kind != .pattern:
      records[records.count - 1] = .episode(episode, embeddings: embeddings + [embedding])
    case .learned(let episode, let embeddings)?
    where embedding.owner.id == episode.id && embedding.owner.kind != .pattern:
      records[records.count - 1] = .learned(episode, embeddings: embeddings + [embedding])
    case .pattern(let pattern, let embeddings)?
    where embedding.owner.id == pattern.id && embedding.owner.kind == .pattern:
      records[records.count - 1] = .pattern(pattern, embeddings: embeddings + [embedding])
    default: return false
    }
    return true
  }

  mutating func flush() async throws {
    guard !records.isEmpty else { return }
    let batch = records
    records.removeAll(keepingCapacity: true)
    let stored = try await memory.importRecords(
      batch, readmitting: isReadmitting, keepingCopies: keepsCopies)
    summary += stored
    guard isAcknowledging else { return }
    let omitted = Set(stored.omittedIDs)
    for record in batch {
      switch record {
      case .episode(let episode, _), .learned(let episode, _):
        guard !omitted.contains(episode.id) else { continue }
        try StandardOutput.printLine(TerminalText.printable(episode.id))
      case .pattern, .heuristic, .relationship: continue
      }
    }
    try StandardOutput.flush()
  }
}

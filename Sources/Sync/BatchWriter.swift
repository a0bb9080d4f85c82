internal import Cache
internal import Logging

/// Applies batches to the cache in their order, on a thread of its own, while the caller fetches the next.
///
/// One batch is being written and one being fetched at a time, so memory is bounded by two.
struct BatchWriter {
  private let records: RecordCache
  private let lane: BlockingLane
  private let logger: Logger
  private var underWay: Task<Written, any Error>?
  /// Whether another process moved the watermark; nothing more is written then.
  private(set) var isRefused = false

  private struct Written: Sendable {
    var batch: BatchCounts
    var result: BatchResult
  }

  private struct BatchCounts: Sendable {
    var episodes: Int
    var patterns: Int
    var heuristics: Int
    var embeddings: Int
    var deletions: Int
    var watermark: Int64?
  }

  init(records: RecordCache, lane: BlockingLane, logger: Logger) {
    self.records = records
    self.lane = lane
    self.logger = logger
  }

  /// Waits for the batch before and has this one written.
  mutating func submit(_ batch: CacheBatch, _ report: inout SyncReport) async throws {
    try await finish(&report)
    if isRefused { return }
    underWay = Task { [records, lane] in
      try await lane.run {
        Written(batch: Self.counts(of: batch), result: try records.apply(batch))
      }
    }
  }

  /// Waits for the last batch.
  mutating func finish(_ report: inout SyncReport) async throws {
    guard let task = underWay else { return }
    underWay = nil
    let written = try await task.value
    let result = written.result
    guard result.applied else {
      isRefused = true
      return
    }
    if !result.refusedEpisodeIDs.isEmpty {
      logger.warning("the cache cannot hold episodes \(result.refusedEpisodeIDs)")
    }
    report.batchCount += 1
    report.episodesWritten += written.batch.episodes - result.refusedEpisodeIDs.count
    report.patternsWritten += written.batch.patterns
    report.heuristicsWritten += written.batch.heuristics
    report.embeddingsWritten += written.batch.embeddings - result.refusedEmbeddingIDs.count
    report.recordsDeleted += written.batch.deletions
    if let watermark = written.batch.watermark, watermark >= 0 { report.watermark = watermark }
  }

  private static func counts(of batch: CacheBatch) -> BatchCounts {
    BatchCounts(
      episodes: batch.episodes.count + batch.preparedEpisodes.count, patterns: batch.patterns.count,
      heuristics: batch.heuristics.count,
      embeddings: batch.embeddings.count + batch.preparedEmbeddings.count,
      deletions: batch.deletedEpisodeIDs.count + batch.deletedPatternIDs.count
        + batch.deletedHeuristicIDs.count + batch.deletedEmbeddingIDs.count,
      watermark: batch.watermark)
  }
}

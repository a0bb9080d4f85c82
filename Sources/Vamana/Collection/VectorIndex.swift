internal import Synchronization
public import VectorMath

/// An index that is written and searched at the same time.
///
/// Rows go to a fresh tail, where searches find them at once by exact scan. A full tail is sealed into
/// an immutable ``Segment`` in the background, and segments are merged as ``MergePolicy`` says. A
/// deleted record is gone from all later searches at once; its row leaves with the next rebuild.
///
/// ```swift
/// let index = try VectorIndex(dimension: 384, metric: .cosine)
/// try index.insert(vectors, recordIDs: ids)
/// let hits = try index.search(query, parameters: SearchParameters(k: 10))
/// ```
///
/// Thread-safe. Searches take no lock but to fetch the newest ``IndexSnapshot``, and never wait for
/// writers; writers follow each other. Background threads are of low priority and end when there is
/// nothing to do.
public final class VectorIndex: Sendable {
  let core: IndexCore

  public var dimension: Int { core.dimension }
  public var metric: Metric { core.metric }
  public var configuration: VectorIndexConfiguration { core.configuration }

  /// Opens an empty index, or what a manifest names.
  ///
  /// - Parameters:
  ///   - dimension: of all vectors, 1 to 65,536.
  ///   - manifest: the segments to start with; see ``SegmentManifest`` for what to insert again.
  ///   - storage: keeps segments; in memory unless given.
  ///   - observer: told of background work, on the thread that does it; it must return soon.
  /// - Throws: ``VectorIndexError/vamana(_:)`` for a bad configuration or a corrupt segment,
  ///   ``VectorIndexError/invalidManifest(problem:)``.
  public init(
    dimension: Int, metric: Metric,
    configuration: VectorIndexConfiguration = VectorIndexConfiguration(),
    manifest: SegmentManifest? = nil, storage: any SegmentStorage = MemorySegmentStorage(),
    observer: (@Sendable (MaintenanceEvent) -> Void)? = nil
  ) throws(VectorIndexError) {
    try configuration.validate()
    guard (1...65_536).contains(dimension) else {
      throw .vamana(
        .invalidConfiguration(
          field: "dimension", value: "\(dimension)", expected: "1 to 65536"))
    }
    let state =
      if let manifest {
        try IndexState.open(
          manifest, storage: storage, dimension: dimension, metric: metric,
          model: configuration.model)
      } else {
        IndexState(dimension: dimension, metric: metric)
      }
    core = IndexCore(
      state: state, configuration: configuration, storage: storage, observer: observer)
  }

  deinit { core.stop() }

  /// How many records are alive.
  public var count: Int { snapshot().count }

  /// The number of the last insert or delete. A batch that spans tails counts once for each.
  public var operation: UInt64 { core.state.withLock(\.operation) }

  /// The index as it is now, whatever is written later.
  ///
  /// - Complexity: O(1).
  public func snapshot() -> IndexSnapshot { core.snapshot }

  /// What the index consists of now, for a look.
  ///
  /// To open it later use what ``SegmentStorage/save(_:)`` was given last: segments that only an older
  /// manifest names are removed. One is saved after each rebuild and by ``flush(sealingTail:)``.
  public var manifest: SegmentManifest { core.manifest }

  public var statistics: VectorIndexStatistics {
    core.state.withLock { state in
      var statistics = state.statistics
      statistics.segmentCount = state.segments.count
      for entry in state.segments {
        statistics.count += entry.aliveCount
        statistics.deadRowCount += entry.tombstones.count
        statistics.segmentRowCount += entry.rowCount
        statistics.segmentByteCount += entry.source.segment.byteCount
      }
      statistics.closedTailCount = state.closedTails.count
      for tail in state.closedTails + (state.tail.map { [$0] } ?? []) {
        statistics.count += tail.aliveCount
        statistics.tailRowCount += tail.count
      }
      return statistics
    }
  }
}

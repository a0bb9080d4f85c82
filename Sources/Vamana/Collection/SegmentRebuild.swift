internal import VectorMath

/// Living rows of tails and segments, gathered to become one segment.
struct SegmentRebuild: Sendable {
  private var tails: [TailView] = []
  private var segments: [SegmentEntry] = []

  init(tails: [TailView]) { self.tails = tails }
  init(segments: [SegmentEntry]) { self.segments = segments }

  var rowCount: Int {
    tails.reduce(0) { $0 + $1.aliveCount } + segments.reduce(0) { $0 + $1.aliveCount }
  }

  /// The living records, ascending.
  var recordIDs: [UInt64] { livingRows().map(\.recordID) }

  private struct Source {
    var recordID: UInt64
    var part: Int
    var row: Int
  }

  /// Builds the segment, or nothing if no row is alive.
  ///
  /// - Parameter isCancelled: asked now and then.
  func build(
    dimension: Int, metric: Metric, model: String, configuration: VamanaConfiguration,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws(VamanaError) -> SegmentImage? {
    let sources = livingRows()
    guard !sources.isEmpty else { return nil }
    let vectors = FloatBuffer(count: sources.count * dimension)
    defer { withExtendedLifetime(vectors) {} }
    for (index, source) in sources.enumerated() {
      // SAFETY: room for one row for each source; rows are those of the parts gathered from.
      let out = vectors.base + index * dimension
      if source.part < tails.count {
        out.update(from: tails[source.part].rows.vector(at: source.row), count: dimension)
      } else {
        segments[source.part - tails.count].source.copyVector(ofRow: source.row, into: out)
      }
    }
    return try SegmentBuilder.build(
      vectors: UnsafeBufferPointer(start: vectors.base, count: vectors.count), areStored: true,
      dimension: dimension, recordIDs: sources.map(\.recordID), metric: metric, model: model,
      configuration: configuration, progress: { _ in !isCancelled() })
  }

  /// By ascending record id.
  private func livingRows() -> [Source] {
    var sources: [Source] = []
    sources.reserveCapacity(rowCount)
    for (part, tail) in tails.enumerated() {
      for row in 0..<tail.count where !tail.tombstones.contains(row) {
        sources.append(Source(recordID: tail.rows.recordID(at: row), part: part, row: row))
      }
    }
    for (index, entry) in segments.enumerated() {
      for row in 0..<entry.rowCount where !entry.tombstones.contains(row) {
        sources.append(
          Source(recordID: entry.source.recordIDs[row], part: tails.count + index, row: row))
      }
    }
    sources.sort { $0.recordID < $1.recordID }
    return sources
  }

  /// The records that died in the parts since they were gathered.
  ///
  /// - Parameters:
  ///   - tombstones: those of the parts now, in the order given.
  func recordIDs(deadSince tombstones: [Tombstones]) -> [UInt64] {
    var dead: [UInt64] = []
    for (part, now) in tombstones.enumerated() {
      if part < tails.count {
        let tail = tails[part]
        dead += now.rows(since: tail.tombstones).map(tail.rows.recordID(at:))
      } else {
        let entry = segments[part - tails.count]
        dead += now.rows(since: entry.tombstones).map { entry.source.recordIDs[$0] }
      }
    }
    return dead
  }
}

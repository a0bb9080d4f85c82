internal import Synchronization
internal import VectorMath

extension IndexCore {
  /// What the index consists of now.
  var manifest: SegmentManifest { state.withLock { manifest(of: $0) } }

  private func manifest(of state: IndexState) -> SegmentManifest {
    SegmentManifest(
      dimension: dimension, metric: metric.rawValue, model: configuration.model,
      operation: state.manifestOperation,
      segments: state.segments.map {
        SegmentManifest.Entry(
          handle: $0.source.handle, rowCount: $0.rowCount, deadRows: $0.tombstones.words)
      })
  }

  /// Saves the manifest; segments it no longer names may go then.
  func saveManifest() throws {
    try manifestOrder.withLock { _ in
      let (current, retiring) = state.withLock { (manifest(of: $0), $0.retiring) }
      try storage.save(current)
      for source in retiring { source.retire() }
      let retired = Set(retiring.map(ObjectIdentifier.init))
      state.withLock { state in
        state.retiring.removeAll { retired.contains(ObjectIdentifier($0)) }
      }
    }
  }

  func saveManifestRecordingFailure() {
    do {
      try saveManifest()
    } catch {
      state.withLock { $0.failure = .maintenanceFailed(problem: "\(error)") }
    }
  }
}

extension IndexState {
  /// Opens what a manifest names.
  static func open(
    _ manifest: SegmentManifest, storage: any SegmentStorage, dimension: Int, metric: Metric,
    model: String
  ) throws(VectorIndexError) -> IndexState {
    guard manifest.version == SegmentManifest.version else {
      throw .invalidManifest(
        problem:
          "format version \(manifest.version); this program reads \(SegmentManifest.version)")
    }
    guard manifest.dimension == dimension, manifest.metric == metric.rawValue,
      manifest.model == model
    else {
      throw .invalidManifest(
        problem: "it is of vectors of \(manifest.dimension) dimensions, metric "
          + "\(manifest.metric), model '\(manifest.model)'; expected \(dimension), "
          + "\(metric.rawValue), '\(model)'")
    }
    var segments: [SegmentEntry] = []
    for entry in manifest.segments {
      segments.append(try open(entry, storage: storage, manifest: manifest))
    }
    try checkThatRecordsAreUnique(segments)
    return IndexState(
      dimension: dimension, metric: metric, operation: manifest.operation, segments: segments)
  }

  private static func open(
    _ entry: SegmentManifest.Entry, storage: any SegmentStorage, manifest: SegmentManifest
  ) throws(VectorIndexError) -> SegmentEntry {
    let segment: Segment
    do {
      segment = try storage.open(entry.handle)
    } catch let error as VectorIndexError {
      throw error
    } catch let error as VamanaError {
      throw .vamana(error)
    } catch {
      throw .invalidManifest(
        problem: "segment '\(entry.handle.rawValue)' cannot be opened: \(error)")
    }
    guard segment.count == entry.rowCount, segment.dimension == manifest.dimension,
      segment.metric.rawValue == manifest.metric,
      let tombstones = Tombstones(words: entry.deadRows, rowCount: entry.rowCount)
    else {
      throw .invalidManifest(
        problem: "segment '\(entry.handle.rawValue)' is not the one that was stored")
    }
    let source = SegmentSource(
      StoredSegment(handle: entry.handle, segment: segment), storage: storage)
    for (id, next) in zip(source.recordIDs, source.recordIDs.dropFirst()) where id >= next {
      throw .invalidManifest(
        problem: "the record ids of segment '\(entry.handle.rawValue)' do not ascend")
    }
    return SegmentEntry(source: source, tombstones: tombstones)
  }

  private static func checkThatRecordsAreUnique(
    _ segments: [SegmentEntry]
  ) throws(VectorIndexError) {
    guard segments.count > 1 else { return }
    let ids = SegmentRebuild(segments: segments).recordIDs
    for (id, next) in zip(ids, ids.dropFirst()) where id == next {
      throw .invalidManifest(problem: "record \(id) is alive in two segments")
    }
  }
}

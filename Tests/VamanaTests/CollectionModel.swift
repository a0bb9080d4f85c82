import Vamana
import VectorMath

/// What an index should hold: a dictionary, searched exactly.
struct CollectionModel {
  let dimension: Int
  let metric: Metric
  var vectors: [UInt64: [Float]] = [:]

  func search(_ query: [Float], k: Int, filter: RecordFilter? = nil) throws -> [SearchHit] {
    var flat = try FlatIndex(dimension: dimension, metric: metric)
    for (id, vector) in vectors {
      try flat.append(vector, recordID: id)
    }
    return try flat.search(query, k: k, filter: filter)
  }
}

extension VectorIndexConfiguration {
  /// Small tails, so that a few hundred rows make several segments.
  static func small(tail: Int = 64, fanIn: Int = 4, closedTails: Int = 3) -> Self {
    var configuration = VectorIndexConfiguration()
    configuration.tailRowCountMax = tail
    configuration.closedTailCountMax = closedTails
    configuration.mergePolicy.fanIn = fanIn
    return configuration
  }
}

extension TestVectors {
  /// Rows as one array, for an insert.
  func values(_ rows: Range<Int>) -> [Float] {
    Array(values[rows.lowerBound * dimension..<rows.upperBound * dimension])
  }
}

extension SearchParameters {
  /// A list so long that a walk of a small segment leaves nothing out.
  static func exhaustive(k: Int = 10) -> SearchParameters {
    SearchParameters(k: k, listSize: 4096)
  }
}

/// A storage that can be told to fail, or to hold a build back until told to go on.
final class GatedStorage: SegmentStorage {
  private let memory = MemorySegmentStorage()
  private let gate: Gate
  /// Whether removed segments stay, so that any manifest can be opened at any time.
  private let keepsAll: Bool

  init(gate: Gate = Gate(), keepsAll: Bool = false) {
    self.gate = gate
    self.keepsAll = keepsAll
  }

  var handles: Set<SegmentHandle> { memory.handles }
  var manifest: SegmentManifest? { memory.manifest }

  func store(_ image: SegmentImage) throws -> StoredSegment {
    try gate.pass()
    return try memory.store(image)
  }

  func open(_ handle: SegmentHandle) throws -> Segment { try memory.open(handle) }
  func save(_ manifest: SegmentManifest) throws { try memory.save(manifest) }
  func remove(_ handle: SegmentHandle) {
    if !keepsAll { memory.remove(handle) }
  }
}

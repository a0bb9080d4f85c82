internal import DurableStore
internal import Episodes
internal import Vamana

/// The vectors of all patterns in memory, by namespace, as of one change of the store.
///
/// A value: a search holds a copy, which shares its memory, while the next changes are put in.
struct PatternIndex: Sendable {
  /// The store and filling of the cache that this belongs to; see `CacheState`.
  let filling: String
  let model: String
  let dimension: Int
  /// The last change that is in it.
  var watermark: Int64
  private(set) var namespaces: [String: PatternVectors] = [:]
  /// The namespace of each pattern.
  private var homes: [String: String] = [:]

  init(filling: String, model: String, dimension: Int, watermark: Int64) {
    self.filling = filling
    self.model = model
    self.dimension = dimension
    self.watermark = watermark
  }

  /// The number of the embedding of a pattern; nil where it has none here.
  func embeddingID(of id: String) -> UInt64? {
    homes[id].flatMap { namespaces[$0]?.embeddingIDs[id] }
  }

  /// Puts a pattern in, or in the place of what it was.
  ///
  /// - Parameter vector: of its embedding; nil to keep the one that it has, if it is of the same number.
  mutating func put(_ entry: PatternEntry, vector: [Float]?) throws {
    var vector = vector
    if vector == nil, let id = entry.embeddingID, embeddingID(of: entry.id) == id {
      if homes[entry.id] == entry.namespace {
        namespaces[entry.namespace]?.update(entry)
        return
      }
      vector = homes[entry.id].flatMap { namespaces[$0]?.vectors.vector(of: id) }
    }
    remove(entry.id)
    homes[entry.id] = entry.namespace
    if namespaces[entry.namespace] == nil {
      namespaces[entry.namespace] = try PatternVectors(dimension: dimension)
    }
    namespaces[entry.namespace]?.add(entry, vector: vector)
  }

  mutating func remove(_ id: String) {
    guard let home = homes.removeValue(forKey: id) else { return }
    namespaces[home]?.remove(id)
  }

  /// Notes that a pattern cannot be read, and so not be embedded.
  mutating func giveUp(_ id: String) {
    guard let home = homes[id] else { return }
    namespaces[home]?.giveUp(id)
  }
}

import Cache
import DurableStore
import Episodes
import Foundation
import Sync

/// A store and a cache in a folder of their own.
struct Rig {
  let folder: TemporaryFolder
  let store: DurableStore
  let records: RecordCache
  let segments: SegmentCache

  /// Small, so that many tests at once fit the address space that ThreadSanitizer leaves them.
  static let mapBytes = 1 << 30

  /// - Parameters:
  ///   - folder: where; what is there is opened.
  ///   - name: of the store's file.
  static func open(
    in folder: TemporaryFolder, store name: String = "store.db", episodesMax: Int = 1000
  ) async throws -> Rig {
    let store = try await DurableStore.open(path: folder.file(name))
    return Rig(
      folder: folder, store: store,
      records: try RecordCache.open(
        at: folder.file("cache/records"),
        configuration: RecordCacheConfiguration(episodesMax: episodesMax, mapBytes: mapBytes)),
      segments: try SegmentCache.open(at: folder.file("cache/segments"), mapBytes: mapBytes))
  }

  /// Runs `body` on a new store and cache.
  static func with(
    episodesMax: Int = 1000, _ body: (Rig) async throws -> Void
  ) async throws {
    let rig = try await open(in: TemporaryFolder(), episodesMax: episodesMax)
    try await body(rig)
    rig.close()
  }

  func close() {
    records.close()
    segments.close()
    store.close()
  }

  /// - Parameter batchesMax: batches of a transaction.
  func synchronizer(batchSize: Int = 100, batchesMax: Int = 1) -> Synchronizer {
    synchronizer(
      SyncConfiguration(batchSize: batchSize, batchesATransactionMax: batchesMax))
  }

  func synchronizer(_ configuration: SyncConfiguration) -> Synchronizer {
    Synchronizer(
      store: store, records: records, segments: segments, configuration: configuration)
  }

  /// Closes the caches, deletes their files, and opens new ones.
  func withoutCache() async throws -> Rig {
    close()
    try FileManager.default.removeItem(atPath: folder.file("cache"))
    return try await Rig.open(in: folder)
  }

  /// All that the cache holds.
  func contents() throws -> Contents {
    var contents = Contents()
    let ids = try records.episodeIDs()
    for (id, episode) in zip(ids, try records.episodes(ids: ids)) {
      contents.episodes[id] = episode
    }
    for pattern in try records.patterns() { contents.patterns[pattern.id] = pattern }
    for heuristic in try records.heuristics() { contents.heuristics[heuristic.id] = heuristic }
    try records.withEmbeddings { view in
      contents.embeddings[view.id] = view.embedding
      return true
    }
    for segment in try segments.segments() {
      contents.segments[segment.id] = try segments.segment(id: segment.id).withBytes { Array($0) }
    }
    return contents
  }

  struct Contents: Equatable {
    var episodes: [String: Episode] = [:]
    var patterns: [String: Pattern] = [:]
    var heuristics: [String: Heuristic] = [:]
    var embeddings: [UInt64: Embedding] = [:]
    var segments: [Int64: [UInt8]] = [:]
  }
}

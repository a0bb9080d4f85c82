import Cache
import DurableStore
import Episodes
import Foundation
import RemoteStore
import Sync
import Synchronization
import TestSupport

@testable import Engram

/// A machine with a home of its own, whose durable store is behind a link. One task uses it.
final class Node {
  let name: String
  let link: Link
  private let home: String
  private let proxy: CuttingProxy
  private let now: @Sendable () -> Timestamp
  private(set) var memory: Memory?

  init(_ name: String, of primary: Primary, now: @escaping @Sendable () -> Timestamp) {
    self.name = name
    self.now = now
    home = primary.folder + "/" + name
    let link = Link()
    self.link = link
    proxy = CuttingProxy(to: primary.port) { link.fault() }
  }

  deinit { proxy.close() }

  /// How its memory is kept.
  var settings: MemoryConfiguration {
    var configuration = MemoryConfiguration(
      home: Home(path: home), embedder: { WordEmbedder() }, now: now)
    configuration.cachedEpisodesMax = 100_000
    configuration.cache.addressSpaceBytes = 1 << 30
    configuration.cache.sweepIntervalSeconds = nil
    // Small, so that a sync is cut in its middle and the log is trimmed.
    configuration.sync.batchSize = 20
    configuration.sync.batchesATransactionMax = 2
    configuration.sync.changesKept = 1000
    configuration.sync.searchWaitSecondsMax = 120
    // What one node writes another is to find at once.
    configuration.sync.stalenessSeconds = 0
    configuration.sync.retries = RetrySchedule(firstSeconds: 0, secondsMax: 0)
    configuration.learning.isAutomatic = false
    configuration.sealing.isAutomatic = false
    configuration.store.retries = .never
    configuration.store.breaker = CircuitBreakerConfiguration(failuresToOpen: 1_000_000)
    let port = proxy.port
    configuration.openStore = { store in
      try await DurableStore.open(
        remote: RemoteStoreConfiguration(
          url: DatabaseURL("http://127.0.0.1:\(port)"), token: .none),
        configuration: store)
    }
    return configuration
  }

  /// The memory, opened if the node is not up.
  @discardableResult
  func up() async throws -> Memory {
    if let memory { return memory }
    let memory = try await Memory.open(settings)
    self.memory = memory
    return memory
  }

  /// Ends the node; what it has not told the store by then the store never learns.
  func die() async {
    link.cut()
    await memory?.close()
    memory = nil
    link.mend()
  }

  func close() async {
    await memory?.close()
    memory = nil
  }

  /// All that the node's cache holds.
  func contents() throws -> NodeContents {
    var contents = NodeContents()
    guard let memory else { return contents }
    let ids = try memory.records.episodeIDs()
    for (id, episode) in zip(ids, try memory.records.episodes(ids: ids, asUse: false)) {
      contents.episodes[id] = episode
    }
    for pattern in try memory.records.patterns() { contents.patterns[pattern.id] = pattern }
    for heuristic in try memory.records.heuristics() {
      contents.heuristics[heuristic.id] = heuristic
    }
    try memory.records.withEmbeddings { view in
      contents.embeddings[Int64(view.id)] = view.embedding
      return true
    }
    for segment in try memory.segments.segments() {
      contents.segments[segment.id] = try memory.segments.segment(id: segment.id).withBytes {
        Array($0)
      }
    }
    return contents
  }
}

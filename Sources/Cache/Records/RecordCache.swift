import Episodes
import Synchronization

/// The episodes, patterns, heuristics and embeddings that an agent works with, memory-mapped: a
/// copy of part of the durable store, which may be deleted at any time.
///
/// Many threads and processes may read and write one cache. Reads see one state, never half of a
/// batch, and neither wait for writes nor hold them up. A write waits for other writers. A damaged
/// cache is never served: one that cannot be opened is set aside and made anew (see
/// ``opening``), and a record that cannot be decoded counts as missing.
///
/// What the cache is proof against: a process may be killed at any moment, also while it writes; commits
/// are seen whole or not at all. Commits are handed to the system without waiting for the disk. A loss of
/// power, or of the system, before they got there is told by a mark beside the cache (``UnsyncedMark``):
/// the cache is then set aside at the next opening and filled anew, from the store that has it all. Every
/// value has a checksum, and the structure of the file is checked when it is opened. Bytes that change on
/// the disk while the cache is open are noticed in values, not in the structure, which LMDB trusts.
///
/// Thread-safe. In one process all caches of one directory share one environment.
///
///     let cache = try RecordCache.open(at: home + "/cache/records")
///     if cache.opening.isFresh { /* synchronise everything */ }
///     var batch = CacheBatch()
///     batch.episodes = episodes
///     batch.watermark = sequence
///     try cache.apply(batch)
///     let episode = try cache.episode(id: "0198…")
public final class RecordCache: Sendable {
  /// The directory of the cache.
  public let path: String
  /// What was found on disk; unless it is `existing`, the cache starts out empty.
  public let opening: CacheOpening
  /// How this object keeps the cache; other processes may keep it otherwise.
  public let configuration: RecordCacheConfiguration
  let tables: RecordTables
  let counters = RecordCounters()
  let codec: RecordCodec
  let damage = Mutex(CacheDamage())
  let touches = Mutex(TouchLog())
  private let lease: Mutex<EnvironmentLease?>

  /// Opens the cache in the directory `path`, made if it is missing. One that is damaged or of
  /// another format is moved aside and made anew.
  ///
  /// - Parameters:
  ///   - path: a directory of this cache's own.
  ///   - configuration: how the cache is kept.
  ///   - discardsExisting: whether to start anew whatever is there, after ``verify()`` found faults.
  ///     No cache of the directory may be open in this process then.
  /// - Throws: ``CacheError`` when the directory cannot be used at all.
  public static func open(
    at path: String, configuration: RecordCacheConfiguration = RecordCacheConfiguration(),
    discardsExisting: Bool = false
  ) throws(CacheError) -> RecordCache {
    let (lease, opening) = try lease(
      path: path, configuration: configuration, discardsExisting: discardsExisting)
    return RecordCache(path: path, opening: opening, configuration: configuration, lease: lease)
  }

  private init(
    path: String, opening: CacheOpening, configuration: RecordCacheConfiguration,
    lease: EnvironmentLease
  ) {
    self.path = path
    self.opening = opening
    self.configuration = configuration
    self.tables = RecordTables(lease.environment.tables)
    self.codec = RecordCodec(compression: configuration.compression)
    self.lease = Mutex(lease)
  }

  /// Ends the use of the cache; later calls throw `closed`. Work under way on other threads goes on
  /// to its end. Deinitialising does the same.
  public func close() {
    let ended = lease.withLock { lease in
      defer { lease = nil }
      return lease
    }
    // Dropped outside the lock: it may close the environment.
    _ = consume ended
  }

  /// A hold on the open environment for the length of one operation.
  func held(for operation: String) throws(CacheError) -> EnvironmentLease {
    guard let lease = lease.withLock({ $0 }) else {
      throw CacheError(
        reason: .closed, operation: operation, path: path, detail: "the cache was closed")
    }
    return lease
  }

  func read<Value>(
    _ operation: String, _ body: (borrowing ReadTransaction) throws(CacheError) -> Value
  ) throws(CacheError) -> Value {
    let lease = try held(for: operation)
    defer { withExtendedLifetime(lease) {} }
    return try lease.environment.read(body)
  }
}

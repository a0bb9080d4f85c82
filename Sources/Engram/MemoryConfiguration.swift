public import DurableStore
public import Embedders
public import Episodes
public import Sync
public import Vamana

/// How a memory is kept.
public struct MemoryConfiguration: Sendable {
  /// The folder that holds it.
  public var home: Home
  /// Makes the embedder when it is first needed, so that reading by id needs no model.
  public var embedder: @Sendable () throws -> any Embedder
  /// The most episodes in the cache; at least 1.
  public var cachedEpisodesMax: Int
  public var cache: CacheSettings
  public var sync: SyncConfiguration
  public var learning: LearningSettings
  /// Connections, time-outs, circuit breakers and retries of the durable store.
  public var store: DurableStoreConfiguration
  /// Opens the durable store where it is not the file in the home folder, such as a database elsewhere; nil for the
  /// file.
  public var openStore:
    (@Sendable (_ configuration: DurableStoreConfiguration) async throws -> DurableStore)?
  /// How index segments are built.
  public var index: VamanaConfiguration
  /// When fresh parts of it are sealed in the background.
  public var sealing = SealingSettings()
  /// The share of the true nearest vectors that a search of the index is to find. The index chooses its
  /// list size by what it measured when it was built.
  public var targetRecall: Double
  /// L: how many candidates a search of the index keeps; nil to let ``targetRecall`` decide.
  public var searchListSize: Int?
  /// How many episodes are kept; nil for the limits that are kept with the store.
  public var capacity: CapacityLimits?
  /// How a search weighs meaning, words and what else it knows.
  public var retrieval = RetrievalWeights()
  /// The cosine below which a hit is weak (``EpisodeHit/isWeak``), -1 to 1. The default was measured with
  /// all-MiniLM-L6-v2 (`Benchmarks/Log.md`); other models have their own.
  public var weakSimilarity = 0.28
  /// Which shard this is, where there are several: writes of namespaces that belong to another are refused. See
  /// ``ShardedMemory``.
  public var shard: ShardPlace?
  /// The clock, for tests.
  public var now: @Sendable () -> Timestamp

  /// - Parameter embedder: by default all-MiniLM-L6-v2 from the model folder.
  public init(
    home: Home = .standard(),
    embedder: @escaping @Sendable () throws -> any Embedder = {
      try MiniLMEmbedder(model: MiniLMModel.locate())
    },
    cachedEpisodesMax: Int = 1000, cache: CacheSettings = CacheSettings(),
    sync: SyncConfiguration = SyncConfiguration(),
    learning: LearningSettings = LearningSettings(),
    index: VamanaConfiguration = VamanaConfiguration(), targetRecall: Double = 0.99,
    searchListSize: Int? = nil, store: DurableStoreConfiguration = DurableStoreConfiguration(),
    now: @escaping @Sendable () -> Timestamp = { Timestamp.now }
  ) {
    self.home = home
    self.embedder = embedder
    self.cachedEpisodesMax = max(1, cachedEpisodesMax)
    self.cache = cache
    self.sync = sync
    self.learning = learning
    self.index = index
    self.targetRecall = targetRecall
    self.searchListSize = searchListSize
    self.store = store
    self.now = now
  }

  /// How the index is asked for `k` records.
  func searchParameters(k: Int) -> SearchParameters {
    if let searchListSize { return SearchParameters(k: k, listSize: searchListSize) }
    return SearchParameters(k: k, targetRecall: targetRecall)
  }
}

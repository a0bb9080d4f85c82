internal import DurableStore
internal import Embedders
internal import Engram
internal import Foundation
internal import RemoteStore
internal import Sync

extension Settings {
  /// How a memory is kept by these settings.
  func configuration() -> MemoryConfiguration {
    var configuration = MemoryConfiguration(home: home)
    if let url = self[.databaseURL] {
      let (token, file) = authToken
      configuration.openStore = { store in
        try await DurableStore.open(
          remote: RemoteStoreConfiguration(
            url: DatabaseURL(url),
            token: token.map { .token(try AuthToken($0)) } ?? file.map { .file(path: $0) } ?? .none),
          configuration: store)
      }
    }
    apply(to: &configuration)
    return configuration
  }

  /// How the memory of a namespace is kept: that of its shard, where there are some.
  ///
  /// - Throws: ``CommandFailure`` for shards that cannot be, or where a database is named beside them.
  func configuration(of namespace: String) throws -> MemoryConfiguration {
    guard let shards else { return configuration() }
    return try shards.configurations(self)[shards.map.shard(of: namespace)] ?? configuration()
  }

  /// Sets what the settings say of the cache, the model, the index and searches.
  func apply(to configuration: inout MemoryConfiguration) {
    if let count = self[.cacheEpisodes].flatMap({ Int($0) }) {
      configuration.cachedEpisodesMax = count
    }
    if let count = self[.cacheBytes].flatMap({ Int($0) }) {
      configuration.cache.episodeBytesMax = count
    }
    if let seconds = self[.cacheTTL].flatMap({ Double($0) }) {
      configuration.cache.timeToLiveSeconds = seconds
    }
    switch self[.cacheCompression] {
    case nil: break
    case "on": configuration.cache.compressionLevel = CacheSettings.defaultCompressionLevel
    case let level?: configuration.cache.compressionLevel = Int(level)
    }
    if let seconds = self[.syncStaleness].flatMap({ Double($0) }) {
      configuration.sync.stalenessSeconds = seconds
    }
    if let count = self[.indexTail].flatMap({ Int($0) }) {
      configuration.sealing.tailCountMax = count
    }
    if let similarity = self[.weakSimilarity].flatMap({ Double($0) }) {
      configuration.weakSimilarity = similarity
    }
    for weight in SearchWeight.allCases {
      if let value = self[.weight(weight)].flatMap({ Double($0) }) {
        configuration.retrieval[keyPath: weight.path] = value
      }
    }
  }

  /// Sets the variables that libraries read themselves to what the file says of them, where they are not set.
  ///
  /// To be called before there is a second thread.
  func exportToLibraries() {
    for (key, value) in [(SettingKey.modelFolder, modelFolder), (.kernels, self[.kernels])] {
      if let value { setenv(key.variable, value, 1) }
    }
  }
}

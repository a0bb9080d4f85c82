internal import Cache

extension RecordCacheConfiguration {
  init(_ configuration: MemoryConfiguration) {
    let settings = configuration.cache
    self.init(
      episodesMax: configuration.cachedEpisodesMax, episodeBytesMax: settings.episodeBytesMax,
      timeToLiveSeconds: settings.timeToLiveSeconds,
      compression: settings.compressionLevel.map {
        CacheCompression(level: $0, usesDictionary: settings.usesDictionary)
      },
      mapBytes: settings.addressSpaceBytes, now: configuration.now)
  }
}

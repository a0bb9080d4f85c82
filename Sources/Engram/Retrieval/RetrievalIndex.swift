internal import DurableStore
internal import Episodes
internal import TextSearch

/// The words of all episodes, and what ranking needs of them, as of one change of the durable store.
struct RetrievalIndex: Sendable {
  var text = TextIndex()
  var directory = EpisodeDirectory()
  /// The store and filling of the cache that this belongs to; see `CacheState`.
  let filling: String
  /// The last change that is in it.
  var watermark: Int64
  /// Whether every episode was read once.
  var isFilled = false
  /// Changes since it was last compacted.
  var changeCount = 0

  init(filling: String, watermark: Int64) {
    self.filling = filling
    self.watermark = watermark
  }

  init(
    text: TextIndex, directory: EpisodeDirectory, filling: String, watermark: Int64, isFilled: Bool
  ) {
    self.text = text
    self.directory = directory
    self.filling = filling
    self.watermark = watermark
    self.isFilled = isFilled
  }

  /// Adds an episode, or replaces the one with its id.
  ///
  /// - Parameter terms: of its ``Episodes/Episode/searchedText``.
  mutating func put(_ episode: Episode, terms: [UInt64]) {
    let sequence = remove(episode.id) ?? directory.nextSequence
    text.add(TermCounts(terms))
    directory.add(DirectoryEntry(episode, sequence: sequence))
    changeCount += 1
  }

  /// Takes an episode out.
  ///
  /// - Returns: the place it had among those of the same start; nil if it was not there.
  @discardableResult
  mutating func remove(_ id: String) -> UInt64? {
    guard let (number, sequence) = directory.remove(id) else { return nil }
    text.remove(number)
    changeCount += 1
    return sequence
  }

  /// The same without what was removed, fast to search.
  func compacted() -> RetrievalIndex {
    let (text, oldNumbers) = text.compacted()
    return RetrievalIndex(
      text: text, directory: EpisodeDirectory(oldNumbers.map { directory.entries[$0] }),
      filling: filling, watermark: watermark, isFilled: isFilled)
  }
}

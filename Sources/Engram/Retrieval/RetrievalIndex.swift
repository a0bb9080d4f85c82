internal import DurableStore
internal import Episodes
internal import Sync
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
  /// Of which compaction the numbers are.
  private var numbering = UInt64.random(in: 0...UInt64.max)

  /// In one state every episode has the same number.
  struct State: Hashable, Sendable {
    var numbering: UInt64
    var watermark: Int64
  }

  /// Whether it has all that the cache has, so that it knows whose each embedding is.
  func isCurrent(at state: CacheState) -> Bool {
    isFilled && filling == state.filling && watermark >= state.watermark
  }

  var state: State { State(numbering: numbering, watermark: watermark) }

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
  /// - Parameters:
  ///   - terms: of its ``Episodes/Episode/searchedText``.
  ///   - embeddings: the numbers of its embeddings.
  mutating func put(_ episode: Episode, terms: [UInt64], embeddings: [UInt64] = []) {
    let sequence = remove(episode.id) ?? directory.nextSequence
    text.add(TermCounts(terms))
    directory.add(episode, sequence: sequence, embeddings: embeddings)
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

  /// The same without what was removed, fast to search. No word or name of an episode that is gone stays in it.
  func compacted() -> RetrievalIndex {
    let (text, oldNumbers) = text.compacted()
    return RetrievalIndex(
      text: text, directory: directory.compacted(to: oldNumbers),
      filling: filling, watermark: watermark, isFilled: isFilled)
  }
}

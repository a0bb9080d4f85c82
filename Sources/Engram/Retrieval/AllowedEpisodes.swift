internal import Episodes
internal import Sync
internal import Synchronization
internal import TextSearch
internal import Vamana

/// The episodes that meet a filter, as vectors and words are told of them.
struct AllowedEpisodes: Sendable {
  /// The numbers of their embeddings.
  var records: RecordFilter
  /// Those with several embeddings may come several times.
  var ids: [String]
  private let flags = Flags()

  init(records: RecordFilter, ids: [String]) {
    self.records = records
    self.ids = ids
  }

  /// Which numbers of an index of words are theirs; worked out once for each state of the index.
  func flags(in index: RetrievalIndex) -> [Bool] {
    flags.known.withLock { known in
      if let known, known.state == index.state { return known.flags }
      var flags = [Bool](repeating: false, count: index.text.documentCount)
      for id in ids { if let number = index.directory.number(of: id) { flags[number] = true } }
      known = (index.state, flags)
      return flags
    }
  }

  private final class Flags: Sendable {
    let known = Mutex<(state: RetrievalIndex.State, flags: [Bool])?>(nil)
  }

  /// Of which search this is the answer; the same question at the same state has the same.
  struct Key: Hashable, Sendable {
    var filter: EpisodeFilter
    var model: String?
    var state: CacheState
  }
}

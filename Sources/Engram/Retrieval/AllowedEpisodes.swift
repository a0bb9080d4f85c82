internal import Episodes
internal import Sync
internal import Vamana

/// The episodes that meet a filter, as vectors and words are told of them.
struct AllowedEpisodes: Sendable {
  /// The numbers of their embeddings.
  var records: RecordFilter
  /// Those with several embeddings may come several times.
  var ids: [String]

  /// Of which search this is the answer; the same question at the same state has the same.
  struct Key: Hashable, Sendable {
    var filter: EpisodeFilter
    var model: String?
    var state: CacheState
  }
}

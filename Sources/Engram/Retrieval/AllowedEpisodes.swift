internal import Episodes
internal import Sync
internal import Synchronization
internal import TextSearch
internal import Vamana

/// The episodes that meet a filter, as vectors and words are told of them.
struct AllowedEpisodes: Sendable {
  /// The numbers of their embeddings.
  var records: RecordFilter
  private let source: Source
  private let known: Known

  private enum Source: Sendable {
    /// Those with several embeddings may come several times.
    case ids([String])
    case filter(EpisodeFilter)
  }

  init(records: RecordFilter, ids: [String]) {
    self.records = records
    source = .ids(ids)
    known = Known(nil)
  }

  /// Answers a filter from the directory of an index of words; nil where that does not know enough.
  ///
  /// - Throws: what ``Episodes/EpisodeFilter/validate()`` throws.
  init?(_ filter: EpisodeFilter, in index: RetrievalIndex) throws(ValidationError) {
    try filter.validate()
    guard let flags = index.directory.flags(matching: filter) else { return nil }
    records = RecordFilter(index.directory.embeddings(ofFlagged: flags))
    source = .filter(filter)
    known = Known(KnownDocuments(state: index.state, documents: DocumentSet(flags)))
  }

  /// Which documents of an index of words are theirs; worked out once for each state of the index.
  func documents(in index: RetrievalIndex) -> DocumentSet {
    known.documents.withLock { known in
      if let known, known.state == index.state { return known.documents }
      let documents = DocumentSet(flags(in: index))
      known = KnownDocuments(state: index.state, documents: documents)
      return documents
    }
  }

  private func flags(in index: RetrievalIndex) -> [Bool] {
    switch source {
    case .filter(let filter):
      guard let flags = index.directory.flags(matching: filter) else {
        preconditionFailure("a directory answers a filter always or never")
      }
      return flags
    case .ids(let ids):
      var flags = [Bool](repeating: false, count: index.text.documentCount)
      for id in ids { if let number = index.directory.number(of: id) { flags[number] = true } }
      return flags
    }
  }

  private final class Known: Sendable {
    let documents: Mutex<KnownDocuments?>

    init(_ documents: KnownDocuments?) { self.documents = Mutex(documents) }
  }

  private struct KnownDocuments: Sendable {
    var state: RetrievalIndex.State
    var documents: DocumentSet
  }

  /// Of which search this is the answer; the same question at the same state has the same.
  struct Key: Hashable, Sendable {
    var filter: EpisodeFilter
    var model: String?
    var state: CacheState
  }
}

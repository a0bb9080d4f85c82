/// An inverted index of short texts, scored by BM25.
///
/// Documents are numbered from 0 in the order in which they are added; the caller knows what a number stands
/// for. A document that was removed keeps its number until ``compacted()``.
///
/// ```swift
/// var index = TextIndex()
/// let document = index.add(TermCounts(terms))
/// let matches = index.search(questionTerms, limit: 10, scratch: TextScratch())
/// ```
///
/// A value: copies share storage until one is changed. Not thread-safe while it is changed.
public struct TextIndex: Sendable {
  var frozen = FrozenPostings()
  /// What was added since the index was last frozen.
  var recent: [UInt64: RecentPostings] = [:]
  /// Words of each document.
  var lengths: [UInt32] = []
  /// Those that were not removed.
  private(set) var present = DocumentSet()
  /// Words of all documents that were not removed.
  private(set) var totalLength = 0
  /// How many documents were not removed.
  public var count: Int { present.count }

  public init() {}

  init(frozen: FrozenPostings, lengths: [UInt32]) {
    self.frozen = frozen
    self.lengths = lengths
    self.frozen.prepareCommonTerms(documentCount: lengths.count)
    present = DocumentSet(all: lengths.count)
    totalLength = lengths.reduce(0) { $0 + Int($1) }
  }

  /// How many numbers have been given to documents, removed ones included.
  public var documentCount: Int { lengths.count }

  /// How many postings were added since the index was last frozen: they are slower to score.
  public private(set) var recentPostingCount = 0

  /// Adds a document.
  ///
  /// - Returns: its number.
  /// - Complexity: linear in its different words.
  @discardableResult
  public mutating func add(_ document: TermCounts) -> Int {
    let number = UInt32(lengths.count)
    for (term, count) in document.counts {
      recent[term, default: RecentPostings()].documents.append(number)
      recent[term]!.counts.append(count)
    }
    recentPostingCount += document.counts.count
    lengths.append(UInt32(clamping: document.length))
    present.append()
    totalLength += Int(lengths[lengths.count - 1])
    return Int(number)
  }

  /// Takes a document out of every search.
  ///
  /// - Complexity: O(1); its postings stay until ``compacted()``.
  public mutating func remove(_ document: Int) {
    guard present.contains(document) else { return }
    present.remove(document)
    totalLength -= Int(lengths[document])
  }
}

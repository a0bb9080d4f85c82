/// Where a document stands among the postings of a term that many documents have.
///
/// A bit for each document, and the number of bits before each block of them: a look-up takes two reads where a
/// binary search takes one for each halving.
struct CommonTerm: Sendable {
  private static let wordsABlock = 8
  private let documents: DocumentSet
  /// How many documents before each block of 512 have the term.
  private let ranks: [UInt32]

  /// A term in at least one of so many documents is kept so: the bits then take no more than the postings do,
  /// 6 bytes each.
  static let share = 32

  /// - Parameter documents: rising, all below `documentCount`.
  init(_ documents: ArraySlice<UInt32>, documentCount: Int) {
    self.documents = DocumentSet(documents, capacity: documentCount)
    var rank: UInt32 = 0
    var ranks: [UInt32] = []
    for (index, word) in self.documents.words.enumerated() {
      if index % Self.wordsABlock == 0 { ranks.append(rank) }
      rank += UInt32(word.nonzeroBitCount)
    }
    self.ranks = ranks
  }

  /// The place of a document among those that have the term; nil where it has not.
  ///
  /// - Complexity: O(1).
  func place(of document: Int) -> Int? {
    guard documents.contains(document) else { return nil }
    let word = document >> 6
    var rank = Int(ranks[word / Self.wordsABlock])
    for index in (word / Self.wordsABlock * Self.wordsABlock)..<word {
      rank += documents.words[index].nonzeroBitCount
    }
    return rank + (documents.words[word] & (1 << UInt64(document & 63) - 1)).nonzeroBitCount
  }

  /// How many documents of a set have the term.
  func count(in set: DocumentSet) -> Int { documents.intersectionCount(set) }
}

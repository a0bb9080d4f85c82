/// Postings that no longer change, in four arrays: 6 bytes each, and 12 a term.
struct FrozenPostings: Sendable {
  /// In rising order.
  var terms: [UInt64] = []
  /// Where the postings of each term begin; one more than there are terms.
  var offsets: [UInt32] = [0]
  /// The documents of each term, in rising order.
  var documents: [UInt32] = []
  /// How often the document has the term.
  var counts: [UInt16] = []
  /// Terms that many documents have, by their place; see ``prepareCommonTerms(documentCount:)``.
  private(set) var commonTerms: [Int: CommonTerm] = [:]

  /// Where a term stands.
  ///
  /// - Complexity: O(log n) in the number of terms.
  func place(of term: UInt64) -> Int? {
    var low = 0
    var high = terms.count
    while low < high {
      let middle = (low + high) / 2
      if terms[middle] < term { low = middle + 1 } else { high = middle }
    }
    return low < terms.count && terms[low] == term ? low : nil
  }

  /// The postings of the term at a place.
  func range(at place: Int) -> Range<Int> { Int(offsets[place])..<Int(offsets[place + 1]) }

  /// How often a document has the term at a place; 0 where it has not.
  ///
  /// - Complexity: O(log n) in the postings of the term; O(1) for a common one.
  func count(at place: Int, in document: Int) -> UInt16 {
    let range = range(at: place)
    if let common = commonTerms[place] {
      return common.place(of: document).map { counts[range.lowerBound + $0] } ?? 0
    }
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = (low + high) / 2
      if documents[middle] < document { low = middle + 1 } else { high = middle }
    }
    return low < range.upperBound && documents[low] == document ? counts[low] : 0
  }

  /// Makes look-ups in the postings of common terms fast.
  ///
  /// - Parameter documentCount: above every document.
  /// - Complexity: linear in the postings, and in the documents for each common term.
  mutating func prepareCommonTerms(documentCount: Int) {
    commonTerms = [:]
    for place in terms.indices {
      let range = range(at: place)
      if range.count >= Self.commonCountMin, range.count >= documentCount / CommonTerm.share {
        commonTerms[place] = CommonTerm(documents[range], documentCount: documentCount)
      }
    }
  }

  /// Fewer postings are read as fast as they are looked up.
  private static let commonCountMin = 256
}

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

  /// The postings of a term.
  ///
  /// - Complexity: O(log n) in the number of terms.
  func range(of term: UInt64) -> Range<Int>? {
    var low = 0
    var high = terms.count
    while low < high {
      let middle = (low + high) / 2
      if terms[middle] < term { low = middle + 1 } else { high = middle }
    }
    guard low < terms.count, terms[low] == term else { return nil }
    return Int(offsets[low])..<Int(offsets[low + 1])
  }
}

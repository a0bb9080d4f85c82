/// The postings of one term since the index was last frozen.
struct RecentPostings: Sendable {
  /// In rising order.
  var documents: [UInt32] = []
  var counts: [UInt16] = []

  /// How often a document has the term; 0 where it has not.
  ///
  /// - Complexity: O(log n).
  func count(in document: Int) -> UInt16 {
    var low = 0
    var high = documents.count
    while low < high {
      let middle = (low + high) / 2
      if documents[middle] < document { low = middle + 1 } else { high = middle }
    }
    return low < documents.count && documents[low] == document ? counts[low] : 0
  }
}

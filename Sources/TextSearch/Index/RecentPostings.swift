/// The postings of one term since the index was last frozen.
struct RecentPostings: Sendable {
  /// In rising order.
  var documents: [UInt32] = []
  var counts: [UInt16] = []
}

/// A word of a question, where its postings are, and what it is worth.
struct TermPostings: Sendable {
  var term: UInt64
  /// Its place among the frozen ones.
  var place: Int?
  var recent: RecentPostings?
  /// How many documents that may be found have it.
  var frequency = 0
  /// Its inverse document frequency times k1 + 1: more than it adds to any score.
  var weight: Float = 0
}

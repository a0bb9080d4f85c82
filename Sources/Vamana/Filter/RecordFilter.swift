/// The records that a search may return.
///
/// A filter remembers what it comes to in each segment it was used with (a bit a vector, and a few nodes to
/// start from), so the first search with it costs O(matches) more and later ones nothing. Keep a filter that
/// is used again: copies share what they remember. Any number of threads may search with one filter.
///
/// ```swift
/// let filter = RecordFilter(recordIDsOfThisAgent)
/// for query in queries { hits.append(try index.search(query, filter: filter)) }
/// ```
public struct RecordFilter: Sendable {
  /// The records as a set.
  public let records: RecordBitmap
  let cache = FilterCache()

  public init(_ records: RecordBitmap) { self.records = records }

  /// - Parameter recordIDs: in any order; repeats are dropped.
  /// - Complexity: O(n) if already ascending, else O(n log n).
  public init(_ recordIDs: some Sequence<UInt64>) { self.init(RecordBitmap(recordIDs)) }

  /// How many records may be returned, whether or not they are indexed.
  public var count: Int { records.count }

  /// Whether a record may be returned.
  public func contains(_ recordID: UInt64) -> Bool { records.contains(recordID) }

  /// Does ahead of time what searches of `segment` with this filter would do sooner or later.
  ///
  /// Where a scan of the matches can be of use, codes of them are put side by side: about `dimension / 10`
  /// bytes a match.
  ///
  /// - Returns: how many records of the segment match.
  /// - Complexity: O(matches + vectors of the segment / 64); some microseconds a match for codes.
  @discardableResult
  public func prepare(for segment: Segment) -> Int {
    let matches = matches(in: segment)
    matches.prepare(for: segment)
    return matches.count
  }

  func matches(in segment: Segment) -> FilterMatches {
    if let known = cache.matches(in: segment) { return known }
    let matches = FilterMatches(of: records, in: segment.recordIDList)
    cache.keep(matches, of: segment)
    return matches
  }
}

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

  /// All records with ids of `range`.
  ///
  /// - Throws: ``VamanaError/invalidConfiguration(field:value:expected:)`` for a range of more than
  ///   ``RecordBitmap/rangeCountMax`` ids.
  public init(_ range: ClosedRange<UInt64>) throws(VamanaError) {
    self.init(try RecordBitmap(range))
  }

  /// All records with ids of `range`.
  ///
  /// - Throws: as for a closed range.
  public init(_ range: Range<UInt64>) throws(VamanaError) {
    self.init(try RecordBitmap(range))
  }

  /// How many records may be returned, whether or not they are indexed.
  public var count: Int { records.count }

  /// Whether a record may be returned.
  public func contains(_ recordID: UInt64) -> Bool { records.contains(recordID) }

  /// Does ahead of time what searches of `segment` with this filter would do sooner or later: finds the matches,
  /// and puts short codes of them side by side, by what lies near what.
  ///
  /// A code takes at most `3 · dimension / 32` bytes, or 32 if that is more, and 8 beside. Codes stand in
  /// blocks of 16 that lie near each other: matches that lie far from each other take up to 16 times as much.
  ///
  /// The first filter prepared for a segment makes codes of all its vectors, kept with the segment, that those
  /// of every filter are taken from. A filter that is used often without this is prepared in the background,
  /// one at a time of a segment.
  ///
  /// - Returns: how many records of the segment match.
  /// - Complexity: about a microsecond a match; for the first filter some 30 nanoseconds a component of the
  ///   segment's vectors more.
  @discardableResult
  public func prepare(for segment: Segment) -> Int {
    let matches = matches(in: segment)
    matches.prepare(for: segment)
    return matches.count
  }

  func matches(in segment: Segment) -> FilterMatches {
    matches(in: segment, recordIDs: segment.recordIDList)
  }

  func matches(in segment: DiskSegment) throws(VamanaError) -> FilterMatches {
    if let known = cache.matches(in: segment) { return known }
    return matches(in: segment, recordIDs: try segment.recordIDList().list)
  }

  private func matches(
    in segment: some NavigableSegment, recordIDs: RecordIDList
  ) -> FilterMatches {
    if let known = cache.matches(in: segment) { return known }
    return cache.keep(FilterMatches(of: records, in: recordIDs), of: segment)
  }
}

internal import Synchronization

/// What a filter comes to in the segments it was used with.
final class FilterCache: Sendable {
  /// Knows its segment without keeping it: a merged segment is let go of as if no filter had met it.
  private struct Entry {
    weak var segment: (any NavigableSegment)?
    let matches: FilterMatches
  }

  private let entries = Mutex<[Entry]>([])

  /// The most segments remembered; an index has a few dozen at most.
  private static let entryCountMax = 128

  /// - Complexity: O(segments remembered).
  func matches(in segment: some NavigableSegment) -> FilterMatches? {
    entries.withLock { entries in
      for index in entries.indices where entries[index].segment === segment {
        return entries[index].matches
      }
      return nil
    }
  }

  /// Remembers `matches`, the newest last, and forgets segments that are gone.
  ///
  /// - Returns: what to use: `matches`, or what another thread has kept of the segment meanwhile, which may
  ///   have codes already.
  func keep(_ matches: FilterMatches, of segment: some NavigableSegment) -> FilterMatches {
    entries.withLock { entries in
      entries.removeAll { $0.segment == nil }
      for entry in entries where entry.segment === segment { return entry.matches }
      if entries.count == Self.entryCountMax { entries.removeFirst() }
      entries.append(Entry(segment: segment, matches: matches))
      return matches
    }
  }
}

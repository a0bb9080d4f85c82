internal import Synchronization

/// The nodes of one segment that a filter lets through. Immutable, but for the codes that are made of them later.
final class FilterMatches: @unchecked Sendable {
  // SAFETY: `words` has a bit for every node of the segment, `list` room for `listCount` nodes, all of
  // them of the segment; both are written in the initializer only. What changes later is behind a lock or
  // atomic.
  private let words: UnsafeMutablePointer<UInt64>
  private let wordCount: Int
  /// The matching nodes, ascending, if they are few enough to be worth a list.
  private let list: UnsafeMutablePointer<UInt32>?
  /// Matching nodes spread evenly over the segment: walks start from the nearest of them.
  let samples: [UInt32]
  /// How many nodes match.
  let count: Int

  private let kept = Mutex<Prepared?>(nil)
  /// Held while they are made, by one thread at a time; searches do not wait for it.
  private let preparing = Mutex<Void>(())
  /// What searches without codes have taken.
  private let spentNanoseconds = Atomic<Int>(0)

  /// Enough to have one in most clusters of matches, and few enough that scoring them costs a few hops.
  private static let sampleCountMax = 64
  /// A list takes 32 bits a match and the bitmap one bit a node: shorter lists are smaller.
  private static let nodesAMatchMin = 32

  /// - Complexity: O(matches + ids / 64).
  init(of records: RecordBitmap, in ids: RecordIDList) {
    wordCount = (ids.count + 63) / 64
    words = .allocate(capacity: max(1, wordCount))
    words.initialize(repeating: 0, count: max(1, wordCount))
    FilterTranslation(ids: ids, words: words).mark(records)
    var count = 0
    for index in 0..<wordCount { count += words[index].nonzeroBitCount }
    self.count = count
    let isListed = count > 0 && count * Self.nodesAMatchMin <= ids.count
    list = isListed ? .allocate(capacity: count) : nil
    var samples: [UInt32] = []
    let sampleCount = min(count, Self.sampleCountMax)
    samples.reserveCapacity(sampleCount)
    var place = 0
    // The sample number i is the match number i · count / samples.
    var sampled = 0
    for index in 0..<wordCount {
      var rest = words[index]
      let end = place + rest.nonzeroBitCount
      if let list {
        for offset in place..<end {
          list[offset] = UInt32(index << 6 + rest.trailingZeroBitCount)
          rest &= rest - 1
        }
      }
      while sampled < end {
        samples.append(
          Self.node(ofBit: sampled - place, in: words[index]) + UInt32(index << 6))
        sampled = samples.count < sampleCount ? samples.count * count / sampleCount : .max
      }
      place = end
    }
    self.samples = samples
  }

  deinit {
    words.deallocate()
    list?.deallocate()
  }

  /// From how many matches on codes of them are worth their memory: a scan of fewer takes a few
  /// microseconds without.
  private static let codedCountMin = 256
  /// Codes are made when searches without have taken this share of what making them takes: most filters are
  /// used once or twice.
  private static let spentShare = 0.1
  /// What making codes takes a match, most of it to measure how far a search has to go in them.
  private static let preparationNanosecondsAMatch = 1000.0

  /// Codes of the matches, and how far to go in them.
  struct Prepared {
    var codes: GroupedCodes
    var calibration: FilterCalibration
  }

  /// What ``prepare(for:)`` made.
  var prepared: Prepared? { kept.withLock { $0 } }

  /// Makes codes of the matches, unless there are any or they would not pay.
  func prepare(for segment: Segment) {
    guard count >= Self.codedCountMin, prepared == nil else { return }
    withExtendedLifetime(segment) {
      guard let all = segment.filterCodes.make(with: FilterGrouping(of: segment)) else { return }
      prepare(from: all, in: segment)
    }
  }

  /// - Parameter all: the codes of all rows of `segment`.
  private func prepare(from all: GroupedCodes, in segment: Segment) {
    preparing.withLock { _ in
      guard prepared == nil else { return }
      let codes = all.subset(matching: nodes)
      let calibration = FilterCalibration(of: codes, matches: nodes, in: segment)
      kept.withLock { $0 = Prepared(codes: codes, calibration: calibration) }
    }
  }

  /// Adds what a search without codes took. When that comes to enough, codes are made in the background: at
  /// once, or after a later search if another filter is being prepared for the segment.
  ///
  /// The background keeps neither the segment nor the filter while it makes the codes of all rows, which every
  /// filter needs: it ends when the segment is gone, and leaves out what only a filter that is gone needs.
  func addSearch(nanoseconds: Double, of segment: Segment) {
    guard count >= Self.codedCountMin else { return }
    let spent = spentNanoseconds.wrappingAdd(Int(nanoseconds), ordering: .relaxed).newValue
    let preparation =
      (segment.filterCodes.codes == nil ? FilterGrouping.nanoseconds(of: segment) : 0)
      + Double(count) * Self.preparationNanosecondsAMatch
    let codes = segment.filterCodes
    // Searches go on meanwhile, and allocate nothing for work that is under way.
    guard Double(spent) > Self.spentShare * preparation, !codes.isBusy else { return }
    let grouping = FilterGrouping(of: segment)
    codes.prepareInBackground { [weak self, weak segment] in
      guard let all = codes.make(with: grouping), let self, let segment else { return }
      self.prepare(from: all, in: segment)
    }
  }

  var nodes: NodeSet { NodeSet(words: words) }

  /// The place of the bit number `rank` that is set in `word`.
  private static func node(ofBit rank: Int, in word: UInt64) -> UInt32 {
    var rest = word
    for _ in 0..<rank { rest &= rest - 1 }
    return UInt32(rest.trailingZeroBitCount)
  }

  /// Writes the next matching nodes to `out`.
  ///
  /// - Parameter cursor: where to go on, zero at first.
  /// - Returns: how many were written, at most `limit`; 0 at the end.
  @inline(__always)
  func read(
    _ cursor: inout Cursor, into out: UnsafeMutablePointer<UInt32>, limit: Int
  ) -> Int {
    if let list {
      let found = min(limit, count - cursor.place)
      out.update(from: list + cursor.place, count: found)
      cursor.place += found
      return found
    }
    var found = 0
    while true {
      while cursor.rest != 0, found < limit {
        out[found] = UInt32((cursor.place - 1) << 6 + cursor.rest.trailingZeroBitCount)
        cursor.rest &= cursor.rest - 1
        found += 1
      }
      guard found < limit, cursor.place < wordCount else { return found }
      cursor.rest = words[cursor.place]
      cursor.place += 1
    }
  }

  /// A place in the list, or in the bitmap: the next word and what is left of the one before.
  struct Cursor {
    fileprivate var place = 0
    fileprivate var rest: UInt64 = 0
  }
}

/// The rows of one immutable unit that are deleted: a bitmap in pages.
///
/// A value: a snapshot keeps its own while the writer goes on, and a deletion copies one page.
struct Tombstones: Hashable, Sendable {
  private static let wordsAPage = 512
  private static let rowsAPage = 64 * wordsAPage

  /// An empty page holds no word.
  private var pages: [[UInt64]] = []
  /// How many rows are deleted.
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  @inline(__always)
  func contains(_ row: Int) -> Bool {
    let page = row / Self.rowsAPage
    guard page < pages.count, !pages[page].isEmpty else { return false }
    return pages[page][row % Self.rowsAPage / 64] >> UInt64(row % 64) & 1 == 1
  }

  /// Marks `row`; returns whether it was alive.
  ///
  /// - Complexity: O(1), and a copy of at most 4 KB after a snapshot was taken.
  @discardableResult
  mutating func insert(_ row: Int) -> Bool {
    guard !contains(row) else { return false }
    let page = row / Self.rowsAPage
    while pages.count <= page { pages.append([]) }
    if pages[page].isEmpty { pages[page] = [UInt64](repeating: 0, count: Self.wordsAPage) }
    pages[page][row % Self.rowsAPage / 64] |= 1 << UInt64(row % 64)
    count += 1
    return true
  }

  /// The rows that are deleted here and were not in `earlier`, ascending.
  ///
  /// - Complexity: O(rows / 64).
  func rows(since earlier: Tombstones) -> [Int] {
    guard count > earlier.count else { return [] }
    var rows: [Int] = []
    rows.reserveCapacity(count - earlier.count)
    for (page, words) in pages.enumerated() {
      let before = page < earlier.pages.count ? earlier.pages[page] : []
      for (word, bits) in words.enumerated() {
        var fresh = bits & ~(before.isEmpty ? 0 : before[word])
        while fresh != 0 {
          rows.append(page * Self.rowsAPage + word * 64 + fresh.trailingZeroBitCount)
          fresh &= fresh - 1
        }
      }
    }
    return rows
  }
}

extension Tombstones {
  /// The bitmap as words of 64 rows, the first row in the lowest bit; shortened after the last
  /// deleted row.
  var words: [UInt64] {
    var words: [UInt64] = []
    for page in pages {
      words += page.isEmpty ? [UInt64](repeating: 0, count: Self.wordsAPage) : page
    }
    while words.last == 0 { words.removeLast() }
    return words
  }

  /// Reads a bitmap that was stored; nil if it marks a row that is not below `rowCount`.
  init?(words: [UInt64], rowCount: Int) {
    for (word, bits) in words.enumerated() {
      var rest = bits
      while rest != 0 {
        let row = word * 64 + rest.trailingZeroBitCount
        guard row < rowCount else { return nil }
        insert(row)
        rest &= rest - 1
      }
    }
  }
}

/// Which episode each embedding is of.
///
/// The ids of embeddings rise and are never used again: the numbers stand in pages by id, and a page whose
/// embeddings are all gone takes no room.
struct EmbeddingNumbers: Sendable {
  private static let pageBits = 12
  private static let none = UInt32.max
  private var pages: [Page] = []

  private struct Page: Sendable {
    /// Empty while none is known.
    var numbers: [UInt32] = []
    var count = 0
  }

  /// The number of the episode that an embedding is of; nil where it is not known.
  ///
  /// - Complexity: O(1).
  subscript(id: UInt64) -> Int? {
    let page = id >> Self.pageBits
    guard page < pages.count, !pages[Int(page)].numbers.isEmpty else { return nil }
    let number = pages[Int(page)].numbers[Self.place(id)]
    return number == Self.none ? nil : Int(number)
  }

  /// - Parameter id: below ``idMax``; one above is left out, and is looked up in the cache by who asks for it.
  mutating func set(_ number: Int, for id: UInt64) {
    guard id <= Self.idMax else { return }
    let page = Int(id >> Self.pageBits)
    while pages.count <= page { pages.append(Page()) }
    if pages[page].numbers.isEmpty {
      pages[page].numbers = [UInt32](repeating: Self.none, count: 1 << Self.pageBits)
    }
    if pages[page].numbers[Self.place(id)] == Self.none { pages[page].count += 1 }
    pages[page].numbers[Self.place(id)] = UInt32(number)
  }

  mutating func remove(_ id: UInt64) {
    guard self[id] != nil else { return }
    let page = Int(id >> Self.pageBits)
    pages[page].numbers[Self.place(id)] = Self.none
    pages[page].count -= 1
    if pages[page].count == 0 { pages[page].numbers = [] }
  }

  private static func place(_ id: UInt64) -> Int { Int(id) & (1 << pageBits - 1) }

  /// A bound on the pages: an id from a damaged file must not ask for all memory.
  static let idMax: UInt64 = 1 << 32
}

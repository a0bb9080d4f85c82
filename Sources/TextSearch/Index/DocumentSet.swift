/// A set of documents by number, a bit each.
public struct DocumentSet: Sendable, Equatable {
  private(set) var words: [UInt64] = []
  /// How many numbers there are, in the set or not.
  public private(set) var capacity = 0
  public private(set) var count = 0

  public init() {}

  /// - Parameter flags: by number, whether the document is in the set.
  public init(_ flags: [Bool]) {
    capacity = flags.count
    words = [UInt64](repeating: 0, count: (flags.count + 63) / 64)
    words.withUnsafeMutableBufferPointer { words in
      flags.withUnsafeBufferPointer { flags in
        for number in flags.indices where flags[number] {
          words[number >> 6] |= 1 << UInt64(number & 63)
        }
      }
    }
    count = words.reduce(0) { $0 + $1.nonzeroBitCount }
  }

  /// - Parameter documents: all below `capacity`, each once.
  init(_ documents: some Collection<UInt32>, capacity: Int) {
    self.capacity = capacity
    count = documents.count
    words = [UInt64](repeating: 0, count: (capacity + 63) / 64)
    words.withUnsafeMutableBufferPointer { words in
      for document in documents { words[Int(document >> 6)] |= 1 << UInt64(document & 63) }
    }
  }

  /// All documents up to a number, that one left out.
  init(all capacity: Int) {
    self.capacity = capacity
    count = capacity
    words = [UInt64](repeating: .max, count: (capacity + 63) / 64)
    if capacity % 64 != 0 { words[words.count - 1] = 1 << UInt64(capacity % 64) - 1 }
  }

  /// Whether a document is in the set.
  ///
  /// - Complexity: O(1).
  public func contains(_ document: Int) -> Bool {
    document < capacity && words[document >> 6] >> UInt64(document & 63) & 1 == 1
  }

  /// How many documents are in both sets.
  ///
  /// - Complexity: a step for 64 documents.
  public func intersectionCount(_ other: DocumentSet) -> Int {
    zip(words, other.words).reduce(0) { $0 + ($1.0 & $1.1).nonzeroBitCount }
  }

  /// Adds the next number, in the set.
  mutating func append() {
    if capacity % 64 == 0 { words.append(0) }
    words[capacity >> 6] |= 1 << UInt64(capacity & 63)
    capacity += 1
    count += 1
  }

  mutating func remove(_ document: Int) {
    guard contains(document) else { return }
    words[document >> 6] &= ~(1 << UInt64(document & 63))
    count -= 1
  }

  mutating func formIntersection(_ other: DocumentSet) {
    for index in words.indices {
      words[index] &= index < other.words.count ? other.words[index] : 0
    }
    count = words.reduce(0) { $0 + $1.nonzeroBitCount }
  }
}

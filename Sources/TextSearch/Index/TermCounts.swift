/// The words of one text: how often it has each.
public struct TermCounts: Hashable, Sendable {
  /// A term is known by a hash of its stem, so that no text can be read out of an index.
  public private(set) var counts: [UInt64: UInt16] = [:]
  /// How many words the text has, repeated ones counted each time.
  public private(set) var length = 0

  public init() {}

  public init(_ terms: some Sequence<UInt64>) {
    for term in terms { add(term) }
  }

  public mutating func add(_ term: UInt64) {
    let count = counts[term, default: 0]
    counts[term] = count == .max ? count : count + 1
    length += 1
  }
}

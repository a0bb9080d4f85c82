/// The episodes read since the last batch, in the order of their last reading.
///
/// A read does not write; the order of use is brought up to date with the next batch. A process
/// that ends before loses it, which costs an eviction that fits less well.
struct TouchLog {
  /// The most episodes remembered; of more, the latest.
  static let countMax = 16_384

  private var positions: [String: UInt64] = [:]
  private var latest: UInt64 = 0

  mutating func touch(_ id: String) {
    latest += 1
    positions[id] = latest
    // Twice as many before cutting, so that cutting costs O(log n) for each touch.
    if positions.count >= Self.countMax * 2 {
      let kept = positions.sorted { $0.value > $1.value }.prefix(Self.countMax)
      positions = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
  }

  /// The ids, the latest last, and forgets them.
  mutating func take() -> [String] {
    defer { positions = [:] }
    return positions.sorted { $0.value < $1.value }.map(\.key)
  }
}

/// The nearest `k` of the hits offered, in a short sorted array.
struct NearestHits {
  private let k: Int
  /// Nearest first.
  private(set) var sorted: [SearchHit] = []

  init(k: Int) {
    self.k = k
    sorted.reserveCapacity(min(k, 1024) + 1)
  }

  /// Hits farther than this cannot enter.
  var threshold: Float { sorted.count < k ? .infinity : sorted.last?.distance ?? -.infinity }

  /// - Complexity: O(k) for a hit that enters.
  mutating func insert(_ hit: SearchHit) {
    guard k > 0 else { return }
    if sorted.count == k {
      guard let last = sorted.last, SearchHit.isNearer(hit, last) else { return }
      sorted.removeLast()
    }
    var place = sorted.count
    while place > 0, SearchHit.isNearer(hit, sorted[place - 1]) { place -= 1 }
    sorted.insert(hit, at: place)
  }
}

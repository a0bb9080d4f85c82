internal import Vamana

/// The nearest few of many owners, each by its nearest record.
struct NearestOwners {
  let limit: Int
  private var best: [String: SearchHit] = [:]

  init(limit: Int) { self.limit = limit }

  mutating func add(_ owner: String, _ hit: SearchHit) {
    if let known = best[owner], !SearchHit.isNearer(hit, known) { return }
    best[owner] = hit
    // What is dropped here is farther than `limit` others; a nearer record brings its owner back.
    if best.count > 4 * limit + 1000 { best = Dictionary(uniqueKeysWithValues: nearest()) }
  }

  func sorted() -> [NearestOwner] {
    nearest().map { NearestOwner(episode: .id($0.key), similarity: 1 - Double($0.value.distance)) }
  }

  private func nearest() -> [(key: String, value: SearchHit)] {
    Array(best.sorted { SearchHit.isNearer($0.value, $1.value) }.prefix(limit))
  }
}

/// The best few of many documents: a heap with the worst of them on top.
struct BestDocuments {
  typealias Entry = (score: Float, document: UInt32)
  private let limit: Int
  private var heap: [Entry] = []

  init(limit: Int) { self.limit = max(0, limit) }

  /// What a document must reach to come in; nil while there is room.
  var leastScore: Float? { heap.count < limit ? nil : heap.first?.score ?? .infinity }

  /// Best first; the later document first where two are alike.
  func sorted() -> [Int] { heap.sorted { Self.isWorse($1, $0) }.map { Int($0.document) } }

  /// - Complexity: O(log limit).
  mutating func add(_ entry: Entry) {
    if heap.count < limit {
      heap.append(entry)
      var child = heap.count - 1
      while child > 0, Self.isWorse(heap[child], heap[(child - 1) / 2]) {
        heap.swapAt(child, (child - 1) / 2)
        child = (child - 1) / 2
      }
    } else if let worst = heap.first, Self.isWorse(worst, entry) {
      heap[0] = entry
      siftDown()
    }
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var worst = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if Self.isWorse(heap[child], heap[worst]) { worst = child }
      }
      if worst == parent { return }
      heap.swapAt(parent, worst)
      parent = worst
    }
  }

  private static func isWorse(_ left: Entry, _ right: Entry) -> Bool {
    left.score != right.score ? left.score < right.score : left.document < right.document
  }
}

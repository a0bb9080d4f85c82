/// The best few of many documents: a heap with the worst of them on top.
struct BestDocuments {
  typealias Entry = (score: Float, document: UInt32)
  private let limit: Int
  private let precedes: TextIndex.Precedence?
  private var heap: [Entry] = []

  /// - Parameter precedes: which of two that are alike is better; nil for the later document.
  init(limit: Int, precedes: TextIndex.Precedence? = nil) {
    self.limit = max(0, limit)
    self.precedes = precedes
  }

  /// What a document must reach to come in; nil while there is room.
  var leastScore: Float? { heap.count < limit ? nil : heap.first?.score ?? .infinity }

  /// Best first; the later document first where two are alike.
  func sorted() -> [Int] { heap.sorted { isWorse($1, $0) }.map { Int($0.document) } }

  /// - Complexity: O(log limit).
  mutating func add(_ entry: Entry) {
    if heap.count < limit {
      heap.append(entry)
      var child = heap.count - 1
      while child > 0, isWorse(heap[child], heap[(child - 1) / 2]) {
        heap.swapAt(child, (child - 1) / 2)
        child = (child - 1) / 2
      }
    } else if let worst = heap.first, isWorse(worst, entry) {
      heap[0] = entry
      siftDown()
    }
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var worst = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if isWorse(heap[child], heap[worst]) { worst = child }
      }
      if worst == parent { return }
      heap.swapAt(parent, worst)
      parent = worst
    }
  }

  private func isWorse(_ left: Entry, _ right: Entry) -> Bool {
    if left.score != right.score { return left.score < right.score }
    guard let precedes else { return left.document < right.document }
    return precedes(Int(right.document), Int(left.document))
  }
}

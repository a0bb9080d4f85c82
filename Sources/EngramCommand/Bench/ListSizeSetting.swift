internal import Vamana

/// A list size at which a benchmark asks an index.
struct ListSizeSetting {
  var listSize: Int
  /// The recall for which the index chose the list size, if it did.
  var targetRecall: Double?

  /// What an index chooses for each recall, then the list sizes that were asked for.
  ///
  /// A list is never shorter than `k`: sizes that come to the same are measured once.
  static func all(
    targetRecalls: [Double], listSizes: [Int], k: Int, curve: RecallCurve
  ) -> [ListSizeSetting] {
    let chosen = targetRecalls.map {
      ListSizeSetting(listSize: curve.listSize(for: $0, k: k), targetRecall: $0)
    }
    var seen = Set<Int>()
    let asked = listSizes.map { max($0, k) }.filter { seen.insert($0).inserted }
    return chosen + asked.map { ListSizeSetting(listSize: $0) }
  }
}

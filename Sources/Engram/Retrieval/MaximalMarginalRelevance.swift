/// Chooses hits that are good and unlike one another.
///
/// Source: Carbonell and Goldstein, "The Use of MMR, Diversity-Based Reranking", SIGIR 1998.
enum MaximalMarginalRelevance {
  /// - Parameters:
  ///   - scores: of the candidates; the best is taken for 1.
  ///   - vectors: of unit length; a candidate without one is unlike all others.
  ///   - lambda: 1 for the order of the scores, 0 for the most different ones.
  ///   - limit: how many to choose.
  /// - Returns: the candidates chosen, in the order of choice.
  /// - Complexity: O(limit · candidates · dimension).
  static func choose(
    scores: [Double], vectors: [[Float]?], lambda: Double, limit: Int
  ) -> [Int] {
    let best = max(1e-9, scores.max() ?? 0)
    var left = Array(scores.indices)
    var likeness = [Double](repeating: 0, count: scores.count)
    var chosen: [Int] = []
    while chosen.count < limit, !left.isEmpty {
      func value(_ candidate: Int) -> Double {
        lambda * scores[candidate] / best - (1 - lambda) * likeness[candidate]
      }
      var next = 0
      for place in left.indices where value(left[place]) > value(left[next]) { next = place }
      let candidate = left.remove(at: next)
      chosen.append(candidate)
      guard let vector = vectors[candidate] else { continue }
      for other in left {
        guard let another = vectors[other], another.count == vector.count else { continue }
        var product: Float = 0
        for index in vector.indices { product += vector[index] * another[index] }
        likeness[other] = max(likeness[other], Double(product))
      }
    }
    return chosen
  }
}

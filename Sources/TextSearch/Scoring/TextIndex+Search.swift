extension TextIndex {
  /// Scores every document that has a word of a question.
  ///
  /// `Σ idf(t) · (k1 + 1) · tf / (tf + k1 · (1 − b + b · length / mean))`, with
  /// `idf(t) = ln(1 + (N − n + ½) / (n + ½))`. N and n count allowed documents only: what is rare among
  /// those that may be found is what tells them apart.
  ///
  /// - Parameters:
  ///   - terms: the words of the question; repeated ones count once.
  ///   - allowed: which documents may be found, by number; nil for all.
  ///   - limit: how many of the best to list; the scores of the others are in `scratch`.
  ///   - scratch: holds the score of each document until its next use.
  /// - Complexity: linear in the postings of the words.
  public func search(
    _ terms: some Sequence<UInt64>, allowed: [Bool]? = nil, limit: Int,
    parameters: BM25Parameters = BM25Parameters(), scratch: TextScratch
  ) -> TextMatches {
    scratch.reset(documentCount: lengths.count)
    let population =
      allowed.map { allowed in
        lengths.indices.count { allowed[$0] && !isRemoved[$0] }
      } ?? count
    guard population > 0 else { return TextMatches() }
    var matches = TextMatches()
    matches.population = population
    let mean = max(1, Float(totalLength) / Float(max(1, count)))
    let scorer = TermScorer(
      parameters: parameters, meanLength: mean, lengths: lengths, isRemoved: isRemoved,
      allowed: allowed, everyDocumentCounts: allowed == nil && count == lengths.count)
    // In one order, so that the same question has the same scores in every process.
    for term in Set(terms).sorted() {
      let range = frozen.range(of: term) ?? 0..<0
      let added = recent[term]
      var frequency = scorer.count(frozen.documents, range)
      if let added { frequency += scorer.count(added.documents, added.documents.indices) }
      let weight =
        logarithm(1 + (Float(population - frequency) + 0.5) / (Float(frequency) + 0.5))
        * (parameters.k1 + 1)
      matches.idealScore += weight
      if frequency == 0 { continue }
      scorer.add(weight, frozen.documents, frozen.counts, range, to: scratch)
      if let added {
        scorer.add(weight, added.documents, added.counts, added.documents.indices, to: scratch)
      }
    }
    matches.best = best(limit, in: scratch)
    matches.prominence = prominence(among: population, in: scratch)
    return matches
  }

  private func prominence(among population: Int, in scratch: TextScratch) -> Float {
    var highest: Float = 0
    var sum = 0.0
    var squares = 0.0
    for document in scratch.touched {
      let score = scratch.scores[Int(document)]
      highest = max(highest, score)
      sum += Double(score)
      squares += Double(score) * Double(score)
    }
    let mean = sum / Double(population)
    let variance = squares / Double(population) - mean * mean
    // What rounding leaves of equal scores is not a difference.
    guard variance > 1e-9 * mean * mean else { return 0 }
    return highest / Float(variance.squareRoot())
  }

  /// The documents with the highest scores, best first; the later document first where two are alike.
  private func best(_ limit: Int, in scratch: TextScratch) -> [Int] {
    guard limit > 0 else { return [] }
    var heap: [(score: Float, document: UInt32)] = []
    heap.reserveCapacity(min(limit, scratch.touched.count))
    func isWorse(
      _ left: (score: Float, document: UInt32), _ right: (score: Float, document: UInt32)
    ) -> Bool {
      left.score != right.score ? left.score < right.score : left.document < right.document
    }
    func siftDown() {
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
    for document in scratch.touched {
      let entry = (score: scratch.scores[Int(document)], document: document)
      if heap.count < limit {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0, isWorse(heap[child], heap[(child - 1) / 2]) {
          heap.swapAt(child, (child - 1) / 2)
          child = (child - 1) / 2
        }
      } else if isWorse(heap[0], entry) {
        heap[0] = entry
        siftDown()
      }
    }
    return heap.sorted { isWorse($1, $0) }.map { Int($0.document) }
  }
}

extension TextIndex {
  /// Whether the first of two documents that are equally good is to be listed before the second; a strict order.
  public typealias Precedence = (_ first: Int, _ second: Int) -> Bool

  /// Finds the documents that have the words of a question best.
  ///
  /// A score is `Σ idf(t) · (k1 + 1) · tf / (tf + k1 · (1 − b + b · length / mean))`, with
  /// `idf(t) = ln(1 + (N − n + ½) / (n + ½))`. N and n count allowed documents only: what is rare among
  /// those that may be found is what tells them apart.
  ///
  /// The rarest words are read first. When all those that remain cannot lift a document that has none of the
  /// others among the best, they are looked up for documents that may still get there only (MaxScore: Turtle
  /// and Flood, "Query Evaluation: Strategies and Optimizations", 1995). The result is the same.
  ///
  /// - Parameters:
  ///   - terms: the words of the question; repeated ones count once.
  ///   - allowed: which documents may be found; nil for all.
  ///   - limit: how many of the best to list.
  ///   - precedes: which of two documents with the same score is better; nil for the one with the higher number.
  ///   - scratch: what ``score(of:in:scratch:)`` needs until its next use.
  /// - Complexity: at most linear in the postings of the words, and O(log `limit`) comparisons by `precedes` for each
  ///   document that is as good as the worst of the best so far.
  public func search(
    _ terms: some Sequence<UInt64>, allowed: DocumentSet? = nil, limit: Int,
    precedes: Precedence? = nil, parameters: BM25Parameters = BM25Parameters(),
    scratch: TextScratch
  ) -> TextMatches {
    scratch.reset(documentCount: lengths.count)
    var matches = TextMatches()
    let scorer = TermScorer(index: self, allowed: allowed, parameters: parameters)
    guard scorer.population > 0 else { return matches }
    matches.population = scorer.population
    let words = postings(of: terms, scorer, parameters)
    matches.idealScore = words.reduce(0) { $0 + $1.weight }
    let found = words.filter { $0.frequency > 0 }
    var read = 0
    while read < found.count {
      if read > 0, found[read].frequency >= Self.readCountMin,
        canRest(found[read...], beside: scratch, limit: limit)
      {
        break
      }
      scorer.add(found[read], to: scratch)
      read += 1
    }
    matches.rest = found[read...]
    matches.scorer = scorer
    matches.best = best(limit, precedes, of: matches, in: scratch)
    if let first = matches.best.first {
      let deviation = chanceDeviation(of: found, scorer.population, parameters)
      if deviation > 0 {
        matches.prominence = score(of: first, in: matches, scratch: scratch) / deviation
      }
    }
    return matches
  }

  /// The standard deviation of scores made of these words by chance: those of each word have the variance
  /// `s² · p · (1 − p)`, where it scores s in the share p of the documents.
  private func chanceDeviation(
    of words: [TermPostings], _ population: Int, _ parameters: BM25Parameters
  ) -> Float {
    words.reduce(Float(0)) { variance, word in
      let score = word.weight / (1 + parameters.k1)
      let share = Float(word.frequency) / Float(population)
      return variance + score * score * share * (1 - share)
    }.squareRoot()
  }

  /// The score of a document in the latest search with a scratch; 0 for one without a word of the question, or
  /// that was not allowed.
  ///
  /// - Complexity: a look-up for each frequent word of the question.
  public func score(of document: Int, in matches: TextMatches, scratch: TextScratch) -> Float {
    let read = scratch.score(of: document)
    guard !matches.rest.isEmpty, let scorer = matches.scorer, document < lengths.count else {
      return read
    }
    return scorer.score(of: document, by: matches.rest, onTopOf: read)
  }

  /// Fewer postings are read faster than it takes to find out whether they must be.
  private static let readCountMin = 1024
  /// Sums of floats in another order differ by less.
  private static let roundingMargin: Float = 1.0001

  /// The words of a question, the rarest first.
  private func postings(
    of terms: some Sequence<UInt64>, _ scorer: TermScorer, _ parameters: BM25Parameters
  ) -> [TermPostings] {
    Set(terms).map { term in
      var postings = TermPostings(term: term, place: frozen.place(of: term), recent: recent[term])
      postings.frequency = scorer.frequency(place: postings.place, recent: postings.recent)
      let odds =
        (Float(scorer.population - postings.frequency) + 0.5) / (Float(postings.frequency) + 0.5)
      postings.weight = logarithm(1 + odds) * (parameters.k1 + 1)
      return postings
    }
    // In one order, so that the same question has the same scores in every process.
    .sorted { ($0.frequency, $0.term) < ($1.frequency, $1.term) }
  }

  /// Whether no document that has only these words is among the best.
  private func canRest(
    _ rest: ArraySlice<TermPostings>, beside scratch: TextScratch, limit: Int
  ) -> Bool {
    guard scratch.touched.count >= limit, limit > 0 else { return false }
    var best = BestDocuments(limit: limit)
    for document in scratch.touched {
      let score = scratch.scores[Int(document)]
      if score > best.leastScore ?? -1 { best.add((score, document)) }
    }
    return rest.reduce(0) { $0 + $1.weight } * Self.roundingMargin < best.leastScore ?? 0
  }

  private func best(
    _ limit: Int, _ precedes: Precedence?, of matches: TextMatches, in scratch: TextScratch
  ) -> [Int] {
    var read = BestDocuments(limit: limit, precedes: precedes)
    for document in scratch.touched {
      let score = scratch.scores[Int(document)]
      if score >= read.leastScore ?? 0 { read.add((score, document)) }
    }
    if matches.rest.isEmpty { return read.sorted() }
    // Those that lead without the rest are likely to lead with it: what they reach leaves few others to look up.
    let leading = Set(read.sorted())
    var best = BestDocuments(limit: limit, precedes: precedes)
    func add(_ document: Int) {
      best.add((score(of: document, in: matches, scratch: scratch), UInt32(document)))
    }
    for document in leading { add(document) }
    let most = matches.rest.reduce(0) { $0 + $1.weight } * Self.roundingMargin
    for document in scratch.touched
    where scratch.scores[Int(document)] + most >= best.leastScore ?? 0
      && !leading.contains(Int(document))
    {
      add(Int(document))
    }
    return best.sorted()
  }
}

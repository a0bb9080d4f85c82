internal import Episodes
internal import TextSearch

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Puts the candidates of a search in order.
///
/// A score is the weighted sum of ``ScoreParts``. Semantic similarity and BM25 are fused by normalised score, not
/// by rank: ranks forget how much better the first is than the second, and whether any word was found at all.
struct HybridRanking {
  let question: HybridQuestion
  let index: RetrievalIndex
  /// Of the text search.
  let scratch: TextScratch
  let matches: TextMatches

  private struct Candidate {
    var number: Int
    var similarity: Double
    /// The share of the question's words, scaled by how far they stand out.
    var words = 0.0
    var parts = ScoreParts()
  }

  /// The numbers of the episodes to be ranked beside those that the vectors found: the best by words, and what
  /// stands beside the very best of them in its session.
  static func candidates(
    of matches: TextMatches, index: RetrievalIndex, allowed: DocumentSet?
  ) -> [Int] {
    var seen = Set(matches.best)
    var candidates = matches.best
    for number in matches.best.prefix(neighborsOf) {
      let (before, after) = index.directory.neighbors(of: number)
      for neighbor in [before, after] {
        guard let neighbor, allowed?.contains(neighbor) ?? true else { continue }
        if seen.insert(neighbor).inserted { candidates.append(neighbor) }
      }
    }
    return candidates
  }

  /// Neighbours count for little: only those of the best can come far.
  private static let neighborsOf = 8

  /// Ranks candidates, the best first.
  ///
  /// - Parameters:
  ///   - similarities: of each candidate, by number.
  ///   - unknown: episodes that are not in the index yet.
  ///   - limit: how many are wanted.
  func ranked(
    _ similarities: [(number: Int, similarity: Double)], beside unknown: [NearestOwner],
    limit: Int
  ) -> [RankedEpisode] {
    var candidates = similarities.map { Candidate(number: $0.number, similarity: $0.similarity) }
    let best = (similarities.map(\.similarity) + unknown.map(\.similarity))
      .reduce(max(1e-6, question.bestSimilarityMin), max)
    let wordsScale = wordsScale
    for index in candidates.indices {
      score(&candidates[index], bestSimilarity: best, wordsScale: wordsScale)
    }
    lift(&candidates)
    let new = unknown.map { (owner) -> RankedEpisode in
      var parts = ScoreParts()
      parts.semantic = question.weights.semantic * max(0, owner.similarity) / best
      parts.session = question.weights.session * parts.semantic
      parts.substance = question.weights.substance
      parts.recency = question.weights.recency
      return RankedEpisode(
        id: owner.id(in: index.directory), similarity: owner.similarity, score: parts.total,
        parts: parts, isWeak: question.isWeak(similarity: owner.similarity, words: 0))
    }
    // By place and total alone: whole episodes are slow to move.
    let totals = candidates.indices.map { (place: $0, total: candidates[$0].parts.total) }
    let order = totals.sorted {
      $0.total != $1.total ? $0.total > $1.total : id($0.place) > id($1.place)
    }
    func id(_ place: Int) -> String { index.directory.id(of: candidates[place].number) }
    let known = order.prefix(limit).map { entry in
      let candidate = candidates[entry.place]
      return RankedEpisode(
        id: id(entry.place), similarity: candidate.similarity, score: entry.total,
        parts: candidate.parts,
        isWeak: question.isWeak(similarity: candidate.similarity, words: candidate.words))
    }
    if new.isEmpty { return known }
    return Array((known + new).sorted { ($0.score, $0.id) > ($1.score, $1.id) }.prefix(limit))
  }

  /// A session's best hit lifts its other turns.
  private func lift(_ candidates: inout [Candidate]) {
    var best: [EpisodeDirectory.SessionKey: Double] = [:]
    for candidate in candidates {
      if let session = index.directory.session(of: candidate.number) {
        best[session] = max(best[session] ?? 0, fused(candidate.parts))
      }
    }
    for place in candidates.indices {
      // An episode without a session is one of its own.
      let lift =
        index.directory.session(of: candidates[place].number).flatMap { best[$0] }
        ?? fused(candidates[place].parts)
      candidates[place].parts.session = question.weights.session * lift
    }
  }

  private func fused(_ parts: ScoreParts) -> Double {
    parts.semantic + parts.text + parts.neighbors
  }

  /// What the words count more or less than by their weight.
  ///
  /// Where the best score of the words stands far out from those of chance, the question's words tell the
  /// episodes apart; where many episodes have as much of them, as long ones have, the embeddings know better.
  /// Nine standard deviations are what a question about a conversation has. Among n episodes no word can stand
  /// out further than by √n.
  private var wordsScale: Double {
    let usual = min(9, Double(matches.population).squareRoot() / 2)
    guard matches.prominence > 0, usual > 0 else { return 1 }
    return min(3, max(0.5, Double(matches.prominence) / usual))
  }

  /// How much of a full episode a turn of a session is, by its words: "Yes, sure." answers no question, however
  /// near it is to one. What stands outside of sessions was written to be read by itself.
  private func substance(of number: Int) -> Double {
    guard index.directory.session(of: number) != nil else { return 1 }
    let words = Double(index.text.length(of: number))
    return min(1, log(1 + words) / log(1 + Self.fullTurnWords))
  }

  /// A turn of so many words, stop words not counted, is as good as a longer one.
  private static let fullTurnWords = 20.0

  private func score(
    _ candidate: inout Candidate, bestSimilarity: Double, wordsScale: Double
  ) {
    let weights = question.weights
    let (number, columns) = (candidate.number, index.directory.columns)
    candidate.parts.semantic = weights.semantic * max(0, candidate.similarity) / bestSimilarity
    if matches.idealScore > 0 {
      func share(_ number: Int?) -> Double {
        number.map {
          wordsScale
            * Double(index.text.score(of: $0, in: matches, scratch: scratch) / matches.idealScore)
        } ?? 0
      }
      let (before, after) = index.directory.neighbors(of: number)
      candidate.words = share(number)
      candidate.parts.text = weights.text * candidate.words
      candidate.parts.neighbors = weights.text * weights.neighbors * (share(before) + share(after))
    }
    candidate.parts.substance = weights.substance * substance(of: number)
    // Whole days, so that the same question has the same scores when it is asked again.
    let age = Double(question.now.nanosecondsSince1970) - Double(columns.starts[number])
    let days = max(0, age / 86_400e9).rounded(.down)
    candidate.parts.recency = weights.recency * exp(-days / 30)
    candidate.parts.reward = weights.reward * Double(columns.rewards[number] ?? 0)
    candidate.parts.effectiveness =
      weights.effectiveness * Double(columns.effectivenesses[number] ?? 0.5)
    if let context = question.context {
      candidate.parts.context = weights.context * match(context, number)
    }
  }

  /// How much of a context an episode has: of what the context names, each of domain, language and framework
  /// counts as much as its tags together (by their Jaccard coefficient).
  private func match(_ context: TaskContext, _ number: Int) -> Double {
    let (columns, symbols) = (index.directory.columns, index.directory.symbols)
    var named = 0.0
    var met = 0.0
    func compare(_ wanted: String?, _ found: SymbolTable.Symbol) {
      guard let wanted else { return }
      named += 1
      if symbols.symbol(of: wanted) == found { met += 1 }
    }
    compare(
      context.domain == TaskContext().domain ? nil : context.domain, columns.domains[number])
    compare(context.language, columns.languages[number])
    compare(context.framework, columns.frameworks[number])
    if !context.tags.isEmpty {
      // By name: tags that no episode has share a symbol.
      let wanted = Set(context.tags.map(\.name))
      let found = Set(columns.tags[number].compactMap(symbols.name))
      named += 1
      met += Double(wanted.intersection(found).count) / Double(wanted.union(found).count)
    }
    return named == 0 ? 0 : met / named
  }
}

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
  /// Of the text search; holds the score of every episode.
  let scratch: TextScratch
  let matches: TextMatches

  private struct Candidate {
    var number: Int
    var similarity: Double
    var parts = ScoreParts()
  }

  /// The numbers of the episodes to be ranked beside those that the vectors found: the best by words, and what
  /// stands beside the very best of them in its session.
  static func candidates(
    of matches: TextMatches, index: RetrievalIndex, allowed: [Bool]?
  ) -> [Int] {
    var seen = Set(matches.best)
    var candidates = matches.best
    for number in matches.best.prefix(neighborsOf) {
      let (before, after) = index.directory.neighbors(of: number)
      for neighbor in [before, after] {
        guard let neighbor, allowed?[neighbor] ?? true else { continue }
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
  func ranked(
    _ similarities: [(number: Int, similarity: Double)], beside unknown: [NearestOwner]
  ) -> [RankedEpisode] {
    var candidates = similarities.map { Candidate(number: $0.number, similarity: $0.similarity) }
    let best = (similarities.map(\.similarity) + unknown.map(\.similarity)).reduce(1e-6, max)
    let wordsScale = wordsScale
    for index in candidates.indices {
      score(&candidates[index], bestSimilarity: best, wordsScale: wordsScale)
    }
    var bestOfSession: [UInt64: Double] = [:]
    for candidate in candidates {
      let session = index.directory.entries[candidate.number].session
      if session != 0 {
        bestOfSession[session] = max(bestOfSession[session] ?? 0, fused(candidate.parts))
      }
    }
    let known = candidates.map { candidate in
      var candidate = candidate
      let entry = index.directory.entries[candidate.number]
      // An episode without a session is one of its own.
      let lift = bestOfSession[entry.session] ?? fused(candidate.parts)
      candidate.parts.session = question.weights.session * lift
      return RankedEpisode(
        id: entry.id, similarity: candidate.similarity, score: candidate.parts.total,
        parts: candidate.parts)
    }
    let new = unknown.map { owner in
      var parts = ScoreParts()
      parts.semantic = question.weights.semantic * max(0, owner.similarity) / best
      parts.session = question.weights.session * parts.semantic
      parts.substance = question.weights.substance
      parts.recency = question.weights.recency
      return RankedEpisode(
        id: owner.id, similarity: owner.similarity, score: parts.total, parts: parts)
    }
    return (known + new).sorted { ($0.score, $0.id) > ($1.score, $1.id) }
  }

  private func fused(_ parts: ScoreParts) -> Double {
    parts.semantic + parts.text + parts.neighbors
  }

  /// What the words count more or less than by their weight.
  ///
  /// Where the best score of the words stands far out from those of all episodes, the question's words tell the
  /// episodes apart; where many episodes have as much of them by chance, as long ones have, the embeddings know
  /// better. Eight standard deviations are what a question about a conversation has; among few episodes none
  /// can stand out as far, at most √n.
  private var wordsScale: Double {
    let usual = min(8, Double(matches.population).squareRoot() / 2)
    guard matches.prominence > 0, usual > 0 else { return 1 }
    return min(3, max(0.5, Double(matches.prominence) / usual))
  }

  /// How much of a full episode a turn of a session is, by its words: "Yes, sure." answers no question, however
  /// near it is to one. What stands outside of sessions was written to be read by itself.
  private func substance(of number: Int) -> Double {
    guard index.directory.entries[number].session != 0 else { return 1 }
    let words = Double(index.text.length(of: number))
    return min(1, log(1 + words) / log(1 + Self.fullTurnWords))
  }

  /// A turn of so many words, stop words not counted, is as good as a longer one.
  private static let fullTurnWords = 20.0

  private func score(
    _ candidate: inout Candidate, bestSimilarity: Double, wordsScale: Double
  ) {
    let weights = question.weights
    let entry = index.directory.entries[candidate.number]
    candidate.parts.semantic = weights.semantic * max(0, candidate.similarity) / bestSimilarity
    if matches.idealScore > 0 {
      func share(_ number: Int?) -> Double {
        number.map { wordsScale * Double(scratch.score(of: $0) / matches.idealScore) } ?? 0
      }
      let (before, after) = index.directory.neighbors(of: candidate.number)
      candidate.parts.text = weights.text * share(candidate.number)
      candidate.parts.neighbors = weights.text * weights.neighbors * (share(before) + share(after))
    }
    candidate.parts.substance = weights.substance * substance(of: candidate.number)
    // Whole days, so that the same question has the same scores when it is asked again.
    let age = Double(question.now.nanosecondsSince1970) - Double(entry.start)
    let days = max(0, age / 86_400e9).rounded(.down)
    candidate.parts.recency = weights.recency * exp(-days / 30)
    candidate.parts.reward = weights.reward * Double(entry.reward ?? 0)
    candidate.parts.effectiveness = weights.effectiveness * Double(entry.effectiveness ?? 0.5)
    if let context = question.context {
      candidate.parts.context = weights.context * Self.match(context, entry)
    }
  }

  /// How much of a context an episode has: of what the context names, each of domain, language and framework
  /// counts as much as its tags together (by their Jaccard coefficient).
  static func match(_ context: TaskContext, _ entry: DirectoryEntry) -> Double {
    var named = 0.0
    var met = 0.0
    func compare(_ wanted: String?, _ found: UInt64) {
      guard let wanted else { return }
      named += 1
      if stableHash(wanted) == found { met += 1 }
    }
    compare(context.domain == TaskContext().domain ? nil : context.domain, entry.domain)
    compare(context.language, entry.language)
    compare(context.framework, entry.framework)
    if !context.tags.isEmpty {
      let wanted = Set(context.tags.map { stableHash($0.name) })
      let found = Set(entry.tags)
      named += 1
      met += Double(wanted.intersection(found).count) / Double(wanted.union(found).count)
    }
    return named == 0 ? 0 : met / named
  }
}

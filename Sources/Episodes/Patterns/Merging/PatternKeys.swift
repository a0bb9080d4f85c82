/// Short texts of which two patterns that are to be merged share one: what is looked up in place of
/// comparing a pattern with all others.
///
/// A name that one text has in a slot and the other says as a common word is the one thing that can be missed.
/// Why nothing else is, by ``PatternSimilarity`` and its least similarity for a merge of 0.85:
/// - toolSequence: with the context at most 1, the edit similarity is at least 0.55 / 0.7 = 0.786, so that
///   of L tools at most 0.214 L are edited. Up to four tools that is none: all pairs of neighbours are
///   shared. With d edits at least one run of (L − d) / (d + 1) > 1 tools stays, and with it a pair.
/// - decisionPoint: of the words of the condition that are in no slot at least half are shared. Two such sets
///   share a word among the first n − ⌈n / 2⌉ + 1 of each, in any order of all words (prefix filter: Chaudhuri et
///   al. 2006). Longest first here: long words are rare. Those that say no more than that it is a check come last.
/// - errorRecovery: without the same class of error the similarity is at most 0.6; for classes that are the
///   beginning of a message their words, as for conditions.
/// - contextPattern: without the same domain it is at most 0.6, without the same language at most 0.7.
public enum PatternKeys {
  /// - Complexity: linear in the size of the pattern, but for the sorting of a condition's words.
  public static func keys(of kind: PatternKind, in context: TaskContext) -> Set<String> {
    switch kind {
    case .toolSequence(let tools, _):
      if tools.count < 2 { return ["t:\(tools.first ?? "")"] }
      return Set(zip(tools, tools.dropFirst()).map { "t:\($0)\u{1F}\($1)" })
    case .decisionPoint(let condition, _, _):
      return keys(ofWords: condition, "d:")
    case .errorRecovery(let errorType, _):
      let name = ErrorSignature(errorType).name
      return ErrorClass.isWords(name) ? keys(ofWords: name, "e:~") : ["e:\(name)"]
    case .contextPattern:
      return ["c:\(context.domain)\u{1F}\(context.language.map { "=\($0)" } ?? "")"]
    }
  }

  /// Slots are left out: they become other words when patterns are merged, and the keys stay.
  private static func keys(ofWords text: String, _ prefix: String) -> Set<String> {
    func rank(_ word: String) -> (Int, Int) {
      (PatternExtraction.isDecisionWord(word) ? 0 : 1, word.utf8.count)
    }
    let words = SlottedText(text).literals.map { (word: $0, rank: rank($0)) }
      .sorted { ($0.rank.0, $0.rank.1, $1.word) > ($1.rank.0, $1.rank.1, $0.word) }
    if words.isEmpty { return [prefix] }
    return Set(words.prefix(words.count / 2 + 1).map { prefix + $0.word })
  }
}

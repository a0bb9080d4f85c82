/// Short texts of which two patterns that may be merged always share one: what is looked up in place of
/// comparing a pattern with all others.
///
/// Why none is missed, by ``PatternSimilarity`` and its least similarity for a merge of 0.85:
/// - toolSequence: with the context at most 1, the edit similarity is at least 0.55 / 0.7 = 0.786, so that
///   of L tools at most 0.214 L are edited. Up to four tools that is none: all pairs of neighbours are
///   shared. With d edits at least one run of (L − d) / (d + 1) > 1 tools stays, and with it a pair.
/// - decisionPoint: the words of the condition have a Jaccard of at least 1 − 0.15 / 0.4 = 0.625. Two such
///   sets share a word among the first n − ⌈0.625 n⌉ + 1 of each, in any order of all words (prefix filter:
///   Chaudhuri et al. 2006). Longest first here: long words are rare.
/// - errorRecovery: without the same class of error the similarity is at most 0.6.
/// - contextPattern: without the same domain it is at most 0.6, without the same language at most 0.7.
public enum PatternKeys {
  /// - Complexity: linear in the size of the pattern, but for the sorting of a condition's words.
  public static func keys(of kind: PatternKind, in context: TaskContext) -> Set<String> {
    switch kind {
    case .toolSequence(let tools, _):
      if tools.count < 2 { return ["t:\(tools.first ?? "")"] }
      return Set(zip(tools, tools.dropFirst()).map { "t:\($0)\u{1F}\($1)" })
    case .decisionPoint(let condition, _, _):
      let words = WordSet.words(of: condition).sorted {
        ($0.utf8.count, $1) > ($1.utf8.count, $0)
      }
      if words.isEmpty { return ["d:"] }
      // ⌈0.625 n⌉ in whole numbers.
      return Set(words.prefix(words.count - (5 * words.count + 7) / 8 + 1).map { "d:\($0)" })
    case .errorRecovery(let errorType, _): return ["e:\(errorType)"]
    case .contextPattern:
      return ["c:\(context.domain)\u{1F}\(context.language.map { "=\($0)" } ?? "")"]
    }
  }
}

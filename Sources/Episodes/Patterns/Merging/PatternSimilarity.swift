/// How alike two patterns of one kind are, 0 to 1 (source: the domain rules of the project).
///
/// | kind | similarity |
/// |---|---|
/// | toolSequence | 0.7 · edit similarity of the tools + 0.3 · context |
/// | decisionPoint | 0.4 · words of the condition + 0.4 · words of the action + 0.2 · context |
/// | errorRecovery | 0.4 · same class of error + 0.4 · words of the steps + 0.2 · context |
/// | contextPattern | context |
///
/// Context is 0.4 · same domain + 0.3 · same language + 0.3 · Jaccard of the tags; words are compared by
/// Jaccard, without those that only bind others. The name of a thing that one episode was about, as marked in the
/// words (``PatternKind``), is as good as another's, if two other words are the same for each that differs. Two
/// classes of errors that are the beginnings of messages are the same from 0.6 of their words on.
public enum PatternSimilarity {
  /// At this similarity two patterns are one.
  public static let mergeMin = 0.85

  /// 0 for two kinds that differ.
  public static func similarity(
    _ first: PatternKind, in firstContext: TaskContext, _ second: PatternKind,
    in secondContext: TaskContext
  ) -> Double {
    let context = similarity(firstContext, secondContext)
    switch (first, second) {
    case (.toolSequence(let first, _), .toolSequence(let second, _)):
      return 0.7 * editSimilarity(first, second) + 0.3 * context
    case (
      .decisionPoint(let condition, let action, _),
      .decisionPoint(let otherCondition, let otherAction, _)
    ):
      return 0.4 * words(condition, otherCondition) + 0.4 * words(action, otherAction)
        + 0.2 * context
    case (.errorRecovery(let type, let steps), .errorRecovery(let otherType, let otherSteps)):
      return 0.4 * (isSameClass(type, otherType) ? 1 : 0)
        + 0.4 * words(steps.joined(separator: " "), otherSteps.joined(separator: " "))
        + 0.2 * context
    case (.contextPattern, .contextPattern): return context
    default: return 0
    }
  }

  public static func similarity(_ first: TaskContext, _ second: TaskContext) -> Double {
    // Summed so that equal contexts give exactly 1.
    (4 * (first.domain == second.domain ? 1 : 0) + 3 * (first.language == second.language ? 1 : 0)
      + 3 * WordSet.jaccard(Set(first.tags), Set(second.tags))) / 10
  }

  /// 1 − the least number of insertions, deletions and replacements that turn one list into the other
  /// (Levenshtein), over the length of the longer; 1 for two empty lists.
  ///
  /// - Complexity: the product of the lengths.
  public static func editSimilarity(_ first: [String], _ second: [String]) -> Double {
    let longest = max(first.count, second.count)
    if longest == 0 { return 1 }
    var row = Array(0...second.count)
    for (index, element) in first.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for (column, other) in second.enumerated() {
        let replaced = diagonal + (element == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
      }
    }
    return 1 - Double(row[second.count]) / Double(longest)
  }

  private static func words(_ first: String, _ second: String) -> Double {
    first == second ? 1 : SlottedText(first).similarity(to: SlottedText(second))
  }

  private static let classMin = 0.6

  private static func isSameClass(_ first: String, _ second: String) -> Bool {
    let (first, second) = (ErrorSignature(first).name, ErrorSignature(second).name)
    return first == second
      || ErrorClass.isWords(first) && ErrorClass.isWords(second)
        && words(first, second) >= classMin
  }
}

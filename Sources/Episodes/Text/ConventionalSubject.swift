/// What the subject of a commit says about the kind of work.
///
/// Reads conventional commits (`fix(parser)!: …`), prefixes such as `net/http: fix …` or
/// `[docs] …`, and plain sentences that begin with a verb.
package struct ConventionalSubject {
  package var taskType: TaskType
  /// The type and scope of a conventional commit, and `breaking` when it is marked so.
  package var tags: [Tag]

  package init(_ subject: String) {
    tags = []
    var type: TaskType?
    if let match = subject.wholeMatch(
      of: /(?<type>[A-Za-z]+)(?:\((?<scope>[^()]*)\))?(?<breaking>!)?:\s.*/),
      let known = Self.types[match.type.lowercased()]
    {
      type = known
      var names = [String(match.type)]
      if let scope = match.scope { names.append(String(scope)) }
      if match.breaking != nil { names.append("breaking") }
      for name in names {
        if let tag = try? Tag(name), !tags.contains(tag) { tags.append(tag) }
      }
    }
    taskType = type ?? Self.taskType(of: subject)
  }

  private static let types: [String: TaskType] = [
    "fix": .debugging, "bugfix": .debugging, "hotfix": .debugging, "feat": .codeGeneration,
    "feature": .codeGeneration, "add": .codeGeneration, "refactor": .refactoring,
    "perf": .refactoring, "style": .refactoring, "cleanup": .refactoring, "test": .testing,
    "tests": .testing, "docs": .documentation, "doc": .documentation, "build": .other,
    "chore": .other, "ci": .other, "deps": .other, "revert": .other, "release": .other,
  ]

  private static let verbs: [String: TaskType] = {
    let words: [TaskType: String] = [
      .debugging:
        """
      fix fixes fixed fixing bugfix hotfix correct corrects repair repairs resolve resolves \
      prevent prevents avoid avoids workaround patch
      """,
      .codeGeneration:
        """
      add adds added adding implement implements implemented introduce introduces create \
      creates support supports allow allows enable enables provide provides feat feature
      """,
      .refactoring:
        """
      refactor refactors refactored refactoring rename renames renamed move moves moved clean \
      cleanup simplify simplifies extract extracts rework reworks restructure reorganize split \
      inline deduplicate remove removes removed drop drops optimize optimizes
      """,
      .testing: "test tests tested testing",
      .documentation: "doc docs document documents documented documentation readme changelog",
      .analysis: "analyze analyse investigate profile benchmark measure",
    ]
    return words.reduce(into: [:]) { table, entry in
      for word in entry.value.split(separator: " ") { table[String(word)] = entry.key }
    }
  }()

  private static func taskType(of subject: String) -> TaskType {
    // "mm/slub: fix a leak" and "[ci skip] Fix a leak" say what they do after the prefix.
    var sentence = subject[...]
    while let match = sentence.prefixMatch(of: /\[[^\]]*\]\s*/) {
      sentence = sentence[match.range.upperBound...]
    }
    let words = words(of: sentence)
    if let type = type(of: words) { return type }
    if let colon = sentence.range(of: ": ", searchBackwards: true) {
      return type(of: self.words(of: sentence[colon.upperBound...])) ?? .other
    }
    return .other
  }

  /// By the first word, and by what it is that is added or changed.
  private static func type(of words: [String]) -> TaskType? {
    guard let first = words.first else { return nil }
    let objects = words.dropFirst().prefix(3)
    switch verbs[first] {
    case .codeGeneration?, nil:
      let changes = ["update", "updates", "updated", "improve", "improves", "extend", "more"]
      guard verbs[first] != nil || changes.contains(first) else { return nil }
      if objects.contains(where: { ["test", "tests"].contains($0) }) { return .testing }
      if objects.contains(where: {
        ["doc", "docs", "documentation", "readme", "changelog"].contains($0)
      }) {
        return .documentation
      }
      return verbs[first]
    case .some(let type): return type
    }
  }

  private static func words(of text: Substring) -> [String] {
    text.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).prefix(5)
      .map { $0.lowercased() }
  }
}

extension Substring {
  /// Where `text` stands in this one, for the last time.
  fileprivate func range(of text: String, searchBackwards: Bool) -> Range<Index>? {
    searchBackwards ? ranges(of: text).last : firstRange(of: text)
  }
}

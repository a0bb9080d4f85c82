internal import Engram
internal import Episodes

extension Tools {
  package static let listPatterns = Tool(
    "list_patterns", title: "List patterns",
    summary: "Lists what has been learned, in the order of ids, in pages.",
    input: [
      .optional("namespace", .text, "Only patterns of this namespace; all by default."),
      .optional(
        "kind", .choice(PatternKind.Name.allCases.map(\.rawValue)), "Only patterns of this kind."),
      .optional("domain", .text, "Only patterns of this field of work."),
      .optional("limit", .count(1...500), "The most patterns of a page; 50 by default."),
      .optional("cursor", .text, "The nextCursor of the page before."),
    ],
    output: .init(
      "a page of patterns",
      [
        .required("patterns", .list(of: RecordShape.pattern)),
        .optional("nextCursor", .text, "Where the next page begins; left out after the last."),
      ]), hints: .reads
  ) { (input: PatternListInput, call: ToolCall) async throws -> PatternPage in
    let limit = input.limit ?? 50
    let patterns = try await call.memory().patterns(
      namespace: input.namespace, kind: input.kind, domain: input.domain,
      after: input.cursor ?? "", limit: limit)
    return PatternPage(
      patterns: patterns, nextCursor: patterns.count == limit ? patterns.last?.id : nil)
  }

  package static let getPattern = Tool(
    "get_pattern", title: "Read a pattern",
    summary: "One pattern whole, with its evidence and effectiveness.",
    input: [.required("patternID", .text, "The id of the pattern.")],
    output: .init("a pattern", [.required("pattern", RecordShape.pattern)]), hints: .reads
  ) { (input: PatternID, call: ToolCall) async throws -> [String: Pattern] in
    guard let pattern = try await call.memory().pattern(id: input.patternID) else {
      throw EngramError(
        code: .notFound, message: "patternID: there is no pattern '\(input.patternID)'")
    }
    return ["pattern": pattern]
  }

  package static let getPatternHistory = Tool(
    "get_pattern_history", title: "Read a pattern's history",
    summary:
      "A pattern with the episodes that show it, and when it was recommended, applied, and helped.",
    input: [
      .required("patternID", .text, "The id of the pattern."),
      .optional("limit", .count(1...500), "The most episodes and uses of each; 100 by default."),
    ], output: PatternHistory.fields, hints: .reads
  ) { (input: PatternHistoryInput, call: ToolCall) async throws -> PatternHistory in
    let limit = input.limit ?? 100
    let memory = try await call.memory()
    return PatternHistory(
      try await memory.explainPattern(id: input.patternID, evidenceMax: limit),
      events: try await memory.patternEvents(id: input.patternID, limit: limit))
  }

  package static let listHeuristics = Tool(
    "list_heuristics", title: "List heuristics",
    summary:
      "Lists the rules that decisions which keep working became, in the order of ids, in pages.",
    input: [
      .optional("namespace", .text, "Only rules of this namespace; all by default."),
      .optional("limit", .count(1...500), "The most rules of a page; 50 by default."),
      .optional("cursor", .text, "The nextCursor of the page before."),
    ],
    output: .init(
      "a page of heuristics",
      [
        .required("heuristics", .list(of: RecordShape.heuristic)),
        .optional("nextCursor", .text, "Where the next page begins; left out after the last."),
      ]), hints: .reads
  ) { (input: PatternListInput, call: ToolCall) async throws -> HeuristicPage in
    let limit = input.limit ?? 50
    let heuristics = try await call.memory().heuristics(
      namespace: input.namespace, after: input.cursor ?? "", limit: limit)
    return HeuristicPage(
      heuristics: heuristics, nextCursor: heuristics.count == limit ? heuristics.last?.id : nil)
  }
}

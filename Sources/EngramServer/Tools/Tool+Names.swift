internal import Episodes

// Models mix up the names of arguments that mean the same in different tools.
extension Tool {
  /// Names of which those who know one tool take the first for the others.
  private static let synonyms: [Set<String>] = [
    ["task", "taskdescription", "description", "query", "question", "q", "text", "prompt", "goal"],
    ["episodeid", "episodeids", "episode", "id", "ids"],
    ["limit", "count", "k", "topk", "n", "max", "maxresults"],
    ["outcome", "result", "status"], ["tags", "labels"],
    ["agentid", "agent"], ["sessionid", "session"], ["recommendationid", "recommendation"],
    ["patternid", "pattern"], ["checkpointid", "checkpoint"], ["effect", "feedback", "helped"],
    ["since", "from", "after", "start"], ["until", "to", "before", "end"],
  ]

  /// An argument whose name means that of another of the tool.
  func misnamed(_ arguments: [String: JSONValue]) -> ToolInputError? {
    let names = input.all.map(\.name)
    let known = Set(names)
    for name in arguments.keys.sorted() where !known.contains(name) {
      // A slip of the keys is found by the check of the shape.
      if NearName.of(name, among: names) != nil { continue }
      let folded = Self.folded(name)
      guard let group = Self.synonyms.first(where: { $0.contains(folded) }),
        let meant = names.first(where: { group.contains(Self.folded($0)) && arguments[$0] == nil })
      else { continue }
      return ToolInputError(
        path: PrintableText.line(String(name.prefix(60))),
        problem: "is not a field of \(input.name)", advice: "did you mean '\(meant)'?")
    }
    return nil
  }

  private static func folded(_ name: String) -> String {
    name.lowercased().filter { $0 != "_" && $0 != "-" }
  }
}

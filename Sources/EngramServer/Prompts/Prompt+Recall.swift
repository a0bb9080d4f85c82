internal import Engram
internal import Episodes

extension Prompt {
  /// What the memory knows of a task, and how to go on from it.
  static let recallBeforeTask = Prompt(
    name: "recall-before-task", title: "Recall before a task",
    summary: "Puts past episodes and patterns that fit a task before the model, before it begins.",
    arguments: [
      Argument(name: "task", title: "Task", summary: "The task, in words.", isRequired: true),
      Argument(
        name: "domain", title: "Domain", summary: "The field of work, such as web-api.",
        isRequired: false),
      Argument(
        name: "namespace", title: "Namespace",
        summary: "Whose experience, where projects or users are kept apart.", isRequired: false),
    ]
  ) { arguments, call in
    let task = arguments["task"] ?? ""
    let domain = arguments["domain"]
    let namespace = try call.namespace(named: arguments["namespace"])
    let memory = try await call.memory()
    let isReady = call.gate.model == .ready
    var request = SearchRequest(
      task, limit: 5, filter: EpisodeFilter(namespace: namespace),
      mode: isReady ? .hybrid : .text)
    request.context = domain.map { TaskContext(domain: $0) }
    let hits = try await memory.search(request).hits
    let recommended =
      isReady
      ? try await recommendation(
        PatternRequest(task, context: request.context, namespace: namespace, limit: 5), memory)
      : nil

    var lines = ["The task: \(task)", ""]
    if hits.isEmpty {
      lines.append("Your memory holds nothing like it.")
    } else {
      lines.append("Past episodes most like it, best first:")
      lines += hits.map { recalled($0.episode) }
    }
    if let recommended {
      lines += ["", "What was learned from such work (recommendationID \(recommended.id)):"]
      lines += recommended.patterns.map { ranked in
        let percent = Int((ranked.pattern.successRate * 100).rounded())
        return "- \(ranked.pattern.kind.summary) (\(percent) % success over "
          + "\(ranked.pattern.occurrenceCount) episodes, pattern \(ranked.pattern.id))"
      }
    }
    lines += [
      "",
      "Before you begin: say which of this applies and which mistakes to avoid. Read an episode whole with "
        + "get_episode where its steps matter. Then call start_episode, log_steps as you work, and "
        + "complete_episode at the end."
        + (recommended == nil
          ? ""
          : " Say with give_feedback whether a pattern helped: it takes the recommendationID."),
    ]
    return lines.joined(separator: "\n")
  }

  /// - Returns: nil where there is nothing to recommend, or the store, where patterns are, is away.
  private static func recommendation(
    _ request: PatternRequest, _ memory: Memory
  ) async throws(EngramError) -> Recommendation? {
    do throws(EngramError) {
      let found = try await memory.recommend(request)
      return found.patterns.isEmpty ? nil : found
    } catch {
      guard error.code == .storeAway else { throw error }
      return nil
    }
  }

  private static func recalled(_ episode: Episode) -> String {
    var line = "- \(ShortText.line(episode.taskDescription, countMax: 300)) [\(episode.id)]"
    if let outcome = episode.outcome {
      line += ": \(outcome.kind.rawValue), \(ShortText.line(outcome.summary, countMax: 300))"
    } else {
      line += ": unfinished"
    }
    if let insight = episode.reflection?.insights.first { line += ". \(insight)" }
    return line
  }
}

internal import Episodes
internal import Platform

extension OpenRequest {
  /// The request as an episode of its session.
  func episode(
    in session: TranscriptSession, format: TranscriptFormat, sessionID: String, namespace: String,
    next: String?
  ) -> Episode {
    let ending = outcome(next: next, folder: session.folder)
    let files = artifacts(in: session.folder)
    var metadata = ["transcript.format": format.rawValue]
    func note(_ name: String, _ value: String?) {
      guard let value, !value.isEmpty else { return }
      metadata["transcript." + name] = TextEnds.prefix(value, 500)
    }
    note("folder", session.folder)
    note("branch", session.branch)
    note("version", session.version)
    note("model", session.model)
    note("parentSession", session.parentID)
    note("outcomeBasis", ending?.basis.rawValue)
    if omittedSteps > 0 { metadata["transcript.omittedSteps"] = String(omittedSteps) }
    let project = session.folder?.split(separator: "/").last.map(String.init)
    let names = files.isEmpty ? steps.compactMap { $0.parameters["file_path"]?.text } : files
    return Episode(
      id: id, namespace: namespace, agentID: format.rawValue, sessionID: sessionID,
      taskType: RequestTask.type(of: text), taskDescription: text,
      context: TaskContext(
        domain: project.map { String($0.prefix(100)) } ?? "general",
        language: SourceLanguage.mostFrequent(in: names), complexity: complexity),
      startTime: startTime, endTime: ending.map { _ in lastTime }, steps: steps,
      outcome: ending?.outcome, tags: tags(session, format), metadata: metadata)
  }

  /// By the steps it took.
  private var complexity: TaskComplexity {
    switch steps.count {
    case ...5: .simple
    case ...30: .moderate
    default: .complex
    }
  }

  private func tags(_ session: TranscriptSession, _ format: TranscriptFormat) -> [Tag] {
    var names = [format.rawValue]
    if let branch = session.branch, !["main", "master", "HEAD"].contains(branch) {
      names.append(branch.replacing("/", with: "-"))
    }
    if session.isSubagent == true { names.append("sub-agent") }
    return names.compactMap { try? Tag($0) }
  }
}

internal import Episodes

extension Episode {
  /// All the words by which an episode is found.
  var searchedText: String {
    var parts = [taskDescription]
    if let agentID { parts.append(agentID) }
    if context.domain != TaskContext().domain { parts.append(context.domain) }
    if let language = context.language { parts.append(language) }
    if let framework = context.framework { parts.append(framework) }
    parts += Set(context.tags + tags).map(\.name).sorted()
    for step in steps {
      parts.append(step.tool)
      parts.append(step.action)
      switch step.result {
      case .success(let output): parts.append(output)
      case .error(let message): parts.append(message)
      case .timeout, nil: break
      }
    }
    switch outcome {
    case .success(let verdict, let artifacts): parts += [verdict] + artifacts
    case .partialSuccess(let verdict, let completed, let failed):
      parts += [verdict] + completed + failed
    case .failure(let reason, let details): parts += [reason, details ?? ""]
    case .abstained(let reason, _, let signals): parts += [reason] + signals
    case nil: break
    }
    if let reflection {
      parts += reflection.successes + reflection.improvements + reflection.insights
    }
    parts += metadata.sorted { $0.key < $1.key }.map(\.value)
    return parts.joined(separator: "\n")
  }
}

internal import Engram
internal import Episodes

extension Prompt {
  /// What was done in an episode, and what to make of it.
  static let reflectAfterTask = Prompt(
    name: "reflect-after-task", title: "Reflect after a task",
    summary: "Has the model look back on an episode and record how it ended.",
    arguments: [
      Argument(
        name: "episodeID", title: "Episode", summary: "The id of the episode.", isRequired: true),
      Argument(
        name: "outcome", title: "Outcome", summary: "How it ended, in your words.",
        isRequired: false),
    ]
  ) { arguments, call in
    let episode = try await call.existing(arguments["episodeID"] ?? "")
    var lines = ["The task: \(episode.taskDescription)", "The episode: \(episode.id)", ""]
    if episode.steps.isEmpty {
      lines.append("No steps were logged.")
    } else {
      let skipped = max(0, episode.steps.count - stepsMax)
      lines.append(
        "What was done:" + (skipped > 0 ? " (\(skipped) steps before are left out)" : ""))
      lines += episode.steps.suffix(stepsMax).map(told)
    }
    if let outcome = arguments["outcome"] { lines += ["", "How it ended: \(outcome)"] }
    if let outcome = episode.outcome {
      lines += [
        "",
        "It is recorded as \(outcome.kind.rawValue): \(outcome.summary)",
        "Say what worked, what you would do differently, and what is worth remembering. Record a correction with "
          + "update_episode, and give_feedback on patterns that were recommended.",
      ]
    } else {
      lines += [
        "",
        "Say what worked, what you would do differently, and what is worth remembering. Log steps that are missing "
          + "with log_steps, then call complete_episode with an honest outcome: success, partialSuccess, "
          + "failure or abstained, and the patterns that you applied.",
      ]
    }
    return lines.joined(separator: "\n")
  }

  private static let stepsMax = 40

  private static func told(_ step: ExecutionStep) -> String {
    let end =
      switch step.result {
      case .success(let output): output.isEmpty ? "done" : ShortText.line(output, countMax: 120)
      case .error(let message): "failed: " + ShortText.line(message, countMax: 120)
      case .timeout: "timed out"
      case nil: "no result"
      }
    return "\(step.number). \(ShortText.step(step)) → \(end)"
  }
}

internal import ArgumentParser
internal import Engram
internal import Episodes

struct HandoffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "handoff",
    abstract: "Print what the next agent needs to go on with an episode.",
    discussion: """
      The goal, the steps done, what worked and what failed, facts, at most five next steps, and patterns \
      and heuristics that fit.

      EXAMPLES
        engram handoff ID
        engram handoff ID --format json
      """)

  @Argument(help: "The id of the episode.")
  var id: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let pack = try await global.withMemory(creating: false) { try await $0.handoffPack(for: id) }
    try global.output.print(pack) { UpkeepText.handoff(pack) }
  }
}

struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with an unfinished episode.",
    discussion: """
      Prints where it stands and what comes next. Nothing that was done is taken back. 'engram episode list \
      --unfinished' lists what can be resumed.

      EXAMPLES
        engram resume ID
        engram resume ID --checkpoint CHECKPOINT --agent ben
      """)

  @Argument(help: "The id of the episode.")
  var id: String

  @Option(
    help: ArgumentHelp("The checkpoint to go on from. Default: the last step.", valueName: "id"))
  var checkpoint: String?

  @Option(help: ArgumentHelp("Who goes on with it.", valueName: "id"))
  var agent: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let resumed = try await global.withMemory(creating: false) {
      try await $0.resumeEpisode(id, fromCheckpoint: checkpoint, agentID: agent)
    }
    try global.output.print(resumed) {
      var lines = ["\(id)  goes on with step \(resumed.nextStepNumber)"]
      if let checkpoint = resumed.checkpoint {
        lines.append(
          "from '\(checkpoint.label)', after step \(checkpoint.stepNumber); since then "
            + UpkeepText.count(resumed.stepsSinceCheckpoint.count, "step"))
      }
      return (lines.map(TerminalText.printable) + [UpkeepText.handoff(resumed.handoff)])
        .joined(separator: "\n")
    }
  }
}

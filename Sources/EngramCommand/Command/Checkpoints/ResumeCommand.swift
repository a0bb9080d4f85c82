internal import ArgumentParser
internal import Engram
internal import Episodes

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

  @OptionGroup var place: NamespaceOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let resumed = try await global.withMemory(shardOf: try place.name(), creating: false) {
      memory in
      try await place.check(id, in: memory)
      return try await memory.resumeEpisode(id, fromCheckpoint: checkpoint, agentID: agent)
    }
    try global.output.print(resumed) {
      var lines = ["\(id)  goes on with step \(resumed.nextStepNumber)"]
      if let checkpoint = resumed.checkpoint {
        lines.append(
          "from '\(checkpoint.label)', after step \(checkpoint.stepNumber); since then "
            + UpkeepText.count(resumed.stepsSinceCheckpoint.count, "step"))
      }
      return
        (lines.map(TerminalText.printable) + [
          UpkeepText.handoff(resumed.handoff, columns: Terminal.outputColumns)
        ])
        .joined(separator: "\n")
    }
  }
}

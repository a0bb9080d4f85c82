internal import ArgumentParser
internal import Engram
internal import Episodes

struct PlaybookCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "playbook",
    abstract: "Print what past episodes recommend for a task, step by step.",
    discussion: """
      Ordered steps, pitfalls, when to apply it and when not, from the patterns recommended for the task \
      and the episodes most like it. The id is that of a recommendation: 'engram pattern feedback' takes it.

      EXAMPLES
        engram playbook "fix the flaky login test" --domain web
      """)

  @OptionGroup var options: PatternOptions

  @Option(help: ArgumentHelp("The episode in which the task is done.", valueName: "id"))
  var episode: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let playbook = try await global.withMemory(shardOf: try options.place.name(), creating: false) {
      memory in
      try await PendingLearning.catchUp(memory)
      return try await memory.playbook(options.request(episode: episode, in: memory))
    }
    guard let playbook else {
      throw CommandFailure(
        "nothing known fits this task well; 'engram pattern recommend --any' shows what is nearest")
    }
    try global.output.print(playbook) { PatternText.playbook(playbook) }
  }
}

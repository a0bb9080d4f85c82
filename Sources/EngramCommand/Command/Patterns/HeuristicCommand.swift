internal import ArgumentParser
internal import Engram
internal import Episodes

struct HeuristicCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "heuristic",
    abstract: "Rules that repeated successful decisions taught.",
    discussion: """
      EXAMPLES
        engram heuristic list
      """,
    subcommands: [HeuristicListCommand.self])
}

internal import ArgumentParser

struct DatasetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset",
    abstract: "Build data sets for benchmarks.",
    discussion: """
      EXAMPLES
        engram dataset build gaussian --output data/gaussian
      """,
    subcommands: [DatasetBuildCommand.self])
}

internal import ArgumentParser

struct DatasetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset",
    abstract: "Build data sets for benchmarks.",
    subcommands: [DatasetBuildCommand.self])
}

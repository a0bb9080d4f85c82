internal import ArgumentParser

struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure recall and speed.",
    discussion: """
      EXAMPLES
        engram bench ann --base base.npy --queries queries.npy
        engram bench disk --base base.npy --queries queries.npy --index base.segment
        engram bench filter --base base.npy --queries queries.npy
        engram bench flat --base base.npy --queries queries.npy
        engram bench update --count 100000 --dimension 384
      """,
    subcommands: [
      BenchANNCommand.self, BenchDiskCommand.self, BenchFilterCommand.self, BenchFlatCommand.self,
      BenchUpdateCommand.self,
    ])
}

internal import ArgumentParser

struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure recall and speed.",
    discussion: """
      Files hold the vectors to search (--base) and those to ask for (--queries). Recall is the share \
      of the true nearest that a search finds; a list size is how many candidates it keeps, which \
      trades speed for recall. 'engram dataset build' makes vectors to try.

      EXAMPLES
        engram dataset build gaussian --count 20000 --output g
        engram bench ann --base g/gaussian.npy --queries g/gaussian.queries.npy --metric l2
        engram bench cache --input datasets/episodes.jsonl
        engram bench disk --base base.npy --queries queries.npy --index base.segment
        engram bench filter --base base.npy --queries queries.npy
        engram bench flat --base base.npy --queries queries.npy
        engram bench learn --episodes 100000
        engram bench update --count 100000 --dimension 384
        engram bench remote --episodes 100000
        engram bench store --count 100000
        engram bench sync --episodes 100000
      """,
    subcommands: [
      BenchANNCommand.self, BenchCacheCommand.self, BenchDiskCommand.self, BenchFilterCommand.self,
      BenchFlatCommand.self, BenchUpdateCommand.self, BenchStoreCommand.self, BenchSyncCommand.self,
      BenchSearchCommand.self, BenchLearnCommand.self, BenchRemoteCommand.self,
    ])
}

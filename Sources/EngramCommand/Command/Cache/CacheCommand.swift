internal import ArgumentParser

struct CacheCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache",
    abstract: "Describe, sweep, clear or check the cache.",
    discussion: """
      The cache is a copy of part of the durable store, for reading fast. It is never the only copy: \
      clearing it, or deleting its folder while nothing runs, loses nothing.

      How it is kept is set for every command by variables of the environment, or in the configuration file \
      ('engram config init'):
        ENGRAM_CACHE_EPISODES     the most episodes (default 1000)
        ENGRAM_CACHE_BYTES        the most bytes of episodes (default 268435456)
        ENGRAM_CACHE_TTL          seconds after which an episode leaves it (default: never)
        ENGRAM_CACHE_COMPRESSION  off, on, or a level from 1 to 19 (default off)

      EXAMPLES
        engram cache stats
        ENGRAM_CACHE_COMPRESSION=on engram cache clear
        engram cache check --repair
      """,
    subcommands: [
      CacheStatsCommand.self, CacheSweepCommand.self, CacheClearCommand.self,
      CacheCheckCommand.self,
    ])
}

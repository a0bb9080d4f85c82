public import ArgumentParser

/// The `engram` program.
public struct EngramCommand: AsyncParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "engram",
    abstract: "An episodic memory for AI agents, searched by meaning.",
    discussion: """
      Agents record episodes (a task, its context, the steps, the outcome) and later ask in plain \
      words for those that help. Everything is kept in one folder on this machine.

      EXAMPLES
        engram init
        engram import jsonl episodes.jsonl
        engram index build
        engram search "login test fails now and then" --limit 5

      EXIT STATUS
        0   success
        1   the request failed: no such episode, a damaged index, a sync that does not validate
        64  wrong usage
        65  input data that is not what it should be
        66  an input file, or the memory, is not there
        69  something needed is missing, such as the embedding model or the durable store
        73  the home folder or an output file cannot be created
        74  the store, the cache or a file cannot be read or written

      SETTINGS
        Options count before variables of the environment (ENGRAM_HOME, ENGRAM_NAMESPACE, ENGRAM_MODEL_DIR \
      and others), those before the configuration file, that before defaults: 'engram config show' lists all, \
      with where each value comes from.
      """,
    version: EngramVersion.current,
    subcommands: [
      InitCommand.self, ImportCommand.self, EpisodeCommand.self, SearchCommand.self,
      IndexCommand.self, SyncCommand.self, CacheCommand.self, StatsCommand.self, EmbedCommand.self,
      DatasetCommand.self, BenchCommand.self, EvalCommand.self,
      StoreCommand.self, ExportCommand.self, AnalyticsCommand.self,
      PatternCommand.self, PlaybookCommand.self, HeuristicCommand.self,
      CheckpointCommand.self, HandoffCommand.self, ResumeCommand.self, TagCommand.self,
      RelationCommand.self, HistoryCommand.self, ForgetCommand.self, DuplicatesCommand.self,
      NamespaceCommand.self, ShardCommand.self, CapacityCommand.self, ConfigCommand.self,
      DoctorCommand.self,
      MCPCommand.self, ServeCommand.self, HookCommand.self, WatchCommand.self,
    ])

  public init() {}
}

internal import ArgumentParser

struct EpisodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "episode",
    abstract: "Record, read, change and delete episodes.",
    discussion: """
      EXAMPLES
        id=$(engram episode start "Fix the flaky login test" --domain web --task-type debugging)
        engram episode log "$id" --tool grep --action "find the timeout" --success "3 matches"
        engram episode complete "$id" --success "raised the timeout" --artifact login_test.py
      """,
    subcommands: [
      EpisodeStartCommand.self, EpisodeLogCommand.self, EpisodeCompleteCommand.self,
      EpisodeUpdateCommand.self, EpisodeSupersedeCommand.self, EpisodeShowCommand.self,
      EpisodeListCommand.self, EpisodeDeleteCommand.self,
    ])
}

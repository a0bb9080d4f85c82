internal import ArgumentParser

struct ConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Show the settings, and write a configuration file.",
    discussion: """
      A setting is looked for in this order: the option on the command line, the variable of the environment \
      (ENGRAM_…), the configuration file ($XDG_CONFIG_HOME/engram/config.toml, by default in ~/.config), the \
      default.

      EXAMPLES
        engram config show
        engram config init
      """,
    subcommands: [ConfigShowCommand.self, ConfigInitCommand.self])
}

internal import ArgumentParser

/// A word in the place of a command that is none.
struct UnknownSubcommand: CustomStringConvertible {
  /// The commands before it: `engram import`.
  var place: String
  var word: String
  var names: [String]

  var description: String {
    let known =
      NearestName.of(word, among: names).map { "did you mean '\(place) \($0)'?" }
      ?? "expected one of \(names.joined(separator: ", "))"
    return "there is no command '\(place) \(TerminalText.printable(word))'; \(known)"
  }

  /// The first word of a command line that should be a command, and is not; nil where there is none.
  static func find(in arguments: [String]) -> UnknownSubcommand? {
    var type: any ParsableCommand.Type = EngramCommand.self
    var place = "engram"
    for argument in arguments {
      let configuration = type.configuration
      // Without subcommands the word is an argument.
      if argument.hasPrefix("-") || configuration.subcommands.isEmpty { return nil }
      if type == EngramCommand.self, argument == "help" { continue }
      let next = configuration.subcommands.first {
        name(of: $0) == argument || $0.configuration.aliases.contains(argument)
      }
      guard let next else {
        return UnknownSubcommand(
          place: place, word: argument, names: configuration.subcommands.map(name(of:)))
      }
      type = next
      place += " " + argument
    }
    return nil
  }

  private static func name(of type: any ParsableCommand.Type) -> String {
    type.configuration.commandName ?? "\(type)".lowercased()
  }
}

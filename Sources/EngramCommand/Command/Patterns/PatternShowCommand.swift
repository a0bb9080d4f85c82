internal import ArgumentParser
internal import Engram
internal import Episodes

struct PatternShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print a pattern.",
    discussion: """
      EXAMPLES
        engram pattern show PATTERN
      """)

  @Argument(help: "The id of the pattern.")
  var id: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let found = try await global.withMemory(creating: false) { try await $0.pattern(id: id) }
    guard let found else { throw CommandFailure("there is no pattern '\(id)'") }
    try global.output.print(found) { PatternText.full(found) }
  }
}

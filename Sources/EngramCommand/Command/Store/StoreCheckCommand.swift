internal import ArgumentParser
internal import DurableStore
internal import Engram

struct StoreCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Look for damage of the durable store.",
    discussion: """
      Reads every page, every reference between tables, and compares the text, place and tag indexes \
      with the episodes. The exit status is 1 if there is a problem.

      EXAMPLES
        engram store check
        engram store check --format json
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let problems = try await global.withMemory(creating: false) { try await $0.checkStore() }
    try global.output.print(["problems": problems]) {
      problems.isEmpty
        ? "the durable store is sound" : problems.map { "problem: \($0)" }.joined(separator: "\n")
    }
    if !problems.isEmpty { throw ExitCode(ExitStatus.failure.rawValue) }
  }
}

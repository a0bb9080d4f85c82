internal import ArgumentParser
internal import Engram
internal import Episodes

struct CapacityEnforceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enforce",
    abstract: "Delete the episodes that are over the limits now.",
    discussion: """
      EXAMPLES
        engram capacity enforce --dry-run
        engram capacity enforce
      """)

  @Flag(help: "Only say what would go.")
  var dryRun = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.withMemory(creating: false) {
      try await $0.enforceCapacity(isDryRun: dryRun)
    }
    try global.output.print(report) {
      let episodes = UpkeepText.count(report.evicted, "episode")
      let lines = report.ids.prefix(20).map { "  " + TerminalText.printable($0) }
      return ([(dryRun ? "would evict " : "evicted ") + episodes] + lines).joined(separator: "\n")
    }
  }
}

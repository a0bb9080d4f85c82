internal import ArgumentParser
internal import Engram

struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make a memory in the home folder.",
    discussion: """
      Other commands that write make one as well; this one also says where it is. A memory that is \
      there stays as it is.

      EXAMPLES
        engram init
        engram init --home ./memory
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let existed = try global.homeFolder().exists
    try await global.withMemory { memory in
      let report = InitReport(home: memory.configuration.home.path, created: !existed)
      try global.output.print(report) {
        existed ? "a memory is in \(report.home) already" : "made a memory in \(report.home)"
      }
    }
  }
}

private struct InitReport: Encodable {
  var home: String
  var created: Bool
}

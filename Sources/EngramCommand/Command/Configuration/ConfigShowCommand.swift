internal import ArgumentParser
internal import Foundation

struct ConfigShowCommand: AsyncParsableCommand, DescribesSettings {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print every setting, and where its value comes from.",
    discussion: """
      EXAMPLES
        engram config show
        engram config show --home ./memory --format json
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = SettingsReport(try global.settings())
    try global.output.print(report) { report.text }
  }
}

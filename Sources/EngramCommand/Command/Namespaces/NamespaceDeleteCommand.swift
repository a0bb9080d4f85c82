internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

struct NamespaceDeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Forget every episode of a namespace, as 'engram forget' does.",
    discussion: """
      EXAMPLES
        engram namespace delete scratch --dry-run
        engram namespace delete scratch
      """)

  @Argument(help: "The namespace.")
  var name: String

  @Flag(help: "Only say what would go.")
  var dryRun = false

  @Flag(
    inversion: .prefixedNo,
    help: "Rewrite the store's file afterwards; 'engram store vacuum' does it later.")
  var erase = true

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.withMemory(shardOf: name, creating: false) {
      try await $0.deleteNamespace(name, erasing: erase, isDryRun: dryRun)
    }
    try ForgetText.print(report, by: global.output)
  }
}

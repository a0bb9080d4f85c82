internal import ArgumentParser
internal import DurableStore
internal import Engram

struct StoreVacuumCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vacuum",
    abstract: "Give back the room that deleted records left.",
    discussion: """
      Rewrites the file, which takes as much room again while it runs; reads go on, writes wait.

      EXAMPLES
        engram store vacuum
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.withMemory(creating: false) { try await $0.vacuumStore() }
    try global.output.print(report) {
      "the durable store takes \(Units.bytes(report.bytesAfter)), before "
        + "\(Units.bytes(report.bytesBefore))"
    }
  }
}

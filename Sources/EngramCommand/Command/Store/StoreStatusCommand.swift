internal import ArgumentParser
internal import DurableStore
internal import Engram

struct StoreStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Print the state of the file, the connections and the circuit breakers.",
    discussion: """
      The counts are those of this process since it opened the store; a service that embeds Engram \
      reads the same from Memory.storeHealth(). The exit status is 1 when the store does not answer.

      EXAMPLES
        engram store status
        engram store status --format json
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let health = try await global.withMemory(creating: false) { await $0.storeHealth() }
    try global.output.print(health) {
      StoreStatusText.text(health, columns: Terminal.outputColumns)
    }
    if !health.isReachable { throw ExitCode(ExitStatus.failure.rawValue) }
  }
}

internal import ArgumentParser
internal import Engram
internal import EngramServer
internal import Foundation
internal import UnixSignals

/// `engram mcp serve`: a server for one agent, which starts it and talks to it.
struct MCPServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve one agent over standard input and output.",
    discussion: """
      An agent's host starts this command, and talks to it over standard input and output, a JSON-RPC message \
      a line; messages for people go to standard error. It ends when its input ends, and on SIGTERM. Versions \
      2024-11-05 to 2025-11-25 and 2026-07-28 of the protocol are spoken. The embedding model is loaded in the \
      background: until it is there searches go by words alone, and say so.

      EXAMPLES
        engram mcp serve
        engram mcp serve --home ~/project/memory
        engram mcp --namespace shop
      """)

  @OptionGroup var location: HomeOptions

  @Option(
    help: """
      The only namespace that the agent reads and writes; it need not name it. Default: ENGRAM_NAMESPACE, else \
      that of the configuration file, else all of them, and 'default' for what is written.
      """)
  var namespace: String?

  func validate() throws {
    try NamespaceArgument.check(namespace)
  }

  func run() async throws {
    // A client that has gone is noticed by the write that fails.
    signal(SIGPIPE, SIG_IGN)
    let settings = try location.settings()
    let namespace =
      self.namespace ?? settings[.namespace] ?? (settings.shards == nil ? nil : settings.namespace)
    // Where there are shards an agent works in one of them.
    if let shards = settings.shards, let namespace {
      Terminal.writeLine("engram: \(shards.served(namespace))")
    }
    let gate = MemoryGate(try settings.configuration(of: namespace ?? settings.namespace))
    let server = MCPServer(gate: gate, version: EngramVersion.current, namespace: namespace)
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await StdioTransport(server: server).run() }
      group.addTask { for await _ in signals { return } }
      await group.next()
      group.cancelAll()
    }
    await gate.close()
  }
}

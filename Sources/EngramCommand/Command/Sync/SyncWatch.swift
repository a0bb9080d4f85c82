internal import Engram
internal import Logging
internal import ServiceLifecycle
internal import Sync
internal import Synchronization
internal import UnixSignals

/// Syncs a memory in the foreground until the process is told to end.
struct SyncWatch {
  var global: GlobalOptions
  var intervalSeconds: Double

  func run() async throws {
    try await global.withMemory(creating: false, isLearning: true) { memory in
      let printer = Printer(output: global.output)
      printer.print(.success(memory.openingSync))
      let service = MemorySyncService(memory: memory, intervalSeconds: intervalSeconds) {
        printer.print($0)
      }
      var logger = Logger(label: "engram.sync.watch")
      logger.logLevel = .warning
      let group = ServiceGroup(
        configuration: ServiceGroupConfiguration(
          services: [
            .init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)
          ],
          gracefulShutdownSignals: [.sigint, .sigterm], logger: logger))
      try await group.run()
    }
  }

  /// Prints what is news.
  private final class Printer: Sendable {
    private let output: OutputOptions
    private let isFirst = Atomic<Bool>(true)

    init(output: OutputOptions) { self.output = output }

    func print(_ result: Result<SyncReport, EngramError>) {
      // Failures are in the log, once each.
      guard case .success(let report) = result else { return }
      let isFirst = isFirst.exchange(false, ordering: .relaxed)
      guard isFirst || !report.changedNothing else { return }
      do {
        switch output.format {
        case .json: try StandardOutput.printLine(JSONOutput.line(report))
        case .text: try StandardOutput.printLine(report.text)
        }
        try StandardOutput.flush()
      } catch {
        // Nobody reads on: syncing goes on.
      }
    }
  }
}

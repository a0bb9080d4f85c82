internal import ArgumentParser
internal import Engram
internal import Foundation
internal import Logging
internal import VectorMath

extension EngramCommand {
  /// Parses the process's arguments, runs the command, and ends the process with its status.
  public static func runAndExit() async -> Never {
    LoggingSystem.bootstrap { label in
      var handler = StreamLogHandler.standardError(label: label)
      handler.logLevel = .warning
      return handler
    }
    do {
      var command = try parseAsRoot()
      try checkKernels()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      try StandardOutput.flush()
      Foundation.exit(ExitStatus.success.rawValue)
    } catch {
      if isOfParser(error) { exit(withError: error) }
      Terminal.writeLine("engram: \(TerminalText.printable("\(error)"))")
      Foundation.exit(ExitStatus(error).rawValue)
    }
  }

  /// A misspelt instruction set would be measured as the default one.
  private static func checkKernels() throws {
    guard let name = ProcessInfo.processInfo.environment["ENGRAM_ISA"],
      DistanceKernels(named: name) == nil
    else { return }
    let names = DistanceKernels.available.map(\.name).joined(separator: ", ")
    throw CommandFailure(
      "ENGRAM_ISA is '\(name)'; this machine can run \(names)", status: .usage)
  }

  /// Whether the argument parser made the error: wrong usage, a wish for help, or a plain status.
  private static func isOfParser(_ error: any Error) -> Bool {
    exitCode(for: error) != .failure || error is ExitCode
  }
}

import Foundation
import Glibc

/// The `engram` program as its users run it, each run a process of its own.
enum EngramProgram {
  /// Built beside the program that runs the tests.
  static let path = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("engram").path

  struct Run {
    /// The exit status; of a run ended by a signal, 128 and its number.
    var status: Int32
    var output: String
    var errors: String

    /// The complete lines of the output: the last one of a killed process may be torn.
    var lines: [String] {
      var lines = output.split(separator: "\n", omittingEmptySubsequences: false)
      lines.removeLast()
      return lines.map(String.init)
    }
  }

  /// A run under way.
  final class Started: @unchecked Sendable {
    // SAFETY: set up before others see it; a process that was started may be asked about, and killed, from any thread.
    private let process = Process()
    private let folder: URL
    let arguments: [String]

    fileprivate init(
      _ arguments: [String], environment: [String: String], input: String
    ) throws {
      self.arguments = arguments
      folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("engram-run-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      func file(_ name: String, _ text: String) throws -> URL {
        let url = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: url)
        return url
      }
      process.executableURL = URL(fileURLWithPath: path)
      process.arguments = arguments
      process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "ENGRAM_HOME" }
        .merging(environment) { $1 }
      // Files, not pipes: nothing has to be read while it runs, and what was written before a kill is there.
      process.standardInput = try FileHandle(forReadingFrom: file("input", input))
      process.standardOutput = try FileHandle(forWritingTo: file("output", ""))
      process.standardError = try FileHandle(forWritingTo: file("errors", ""))
      try process.run()
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var isRunning: Bool { process.isRunning }

    /// What it has said on standard error up to now.
    func errorsSoFar() throws -> String {
      String(
        decoding: try Data(contentsOf: folder.appendingPathComponent("errors")), as: UTF8.self)
    }

    /// SIGKILL: the process gets no chance to do anything.
    func kill() { _ = Glibc.kill(process.processIdentifier, SIGKILL) }

    /// SIGINT, as Ctrl-C sends it.
    func interrupt() { _ = Glibc.kill(process.processIdentifier, SIGINT) }

    /// Waits for the end; kills a process that takes longer than `secondsMax`.
    ///
    /// - Returns: nil for one that had to be killed, such as for a deadlock.
    func wait(secondsMax: Double) async throws -> Run? {
      let end = Date().addingTimeInterval(secondsMax)
      // Asleep, not blocked: other tests want the thread.
      while process.isRunning, Date() < end { try await Task.sleep(for: .milliseconds(2)) }
      let isStuck = process.isRunning
      if isStuck { kill() }
      process.waitUntilExit()
      func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
      }
      if isStuck { return nil }
      let base: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
      return Run(
        status: base + process.terminationStatus, output: try text("output"),
        errors: try text("errors"))
    }
  }

  static func start(
    _ arguments: [String], environment: [String: String] = [:], input: String = ""
  ) throws -> Started {
    try Started(arguments, environment: environment, input: input)
  }
}

import Foundation
import Glibc

/// The `engram` program, run as users run it.
enum EngramProcess {
  /// How a run ended and what it wrote.
  struct Run {
    /// The exit status; of a run ended by a signal, 128 and its number.
    var status: Int32
    var output: String
    var errors: String

    /// The lines on standard error.
    var errorLines: [Substring] { errors.split(separator: "\n") }

    /// The output as JSON.
    func json() throws -> Any {
      try JSONSerialization.jsonObject(with: Data(output.utf8), options: .fragmentsAllowed)
    }

    func object() throws -> [String: Any] { try json() as? [String: Any] ?? [:] }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
      try JSONDecoder().decode(type, from: Data(output.utf8))
    }
  }

  /// Built beside the program that runs the tests.
  static let path = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("engram").path

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - input: what it reads from standard input.
  ///   - environment: variables to set beside those of the tests.
  static func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:]
  ) throws -> Run {
    let started = try start(arguments, input: input, environment: environment)
    return try started.wait()
  }

  static func run(_ arguments: String...) throws -> Run { try run(arguments) }

  /// What a developer has set for the own memory, or for the tests alone.
  private static let notPassedOn: Set = [
    "ENGRAM_HOME", "ENGRAM_SLOW_TESTS", "ENGRAM_RELIABILITY_SEED", "ENGRAM_TEST_STORE",
  ]

  /// Starts the program.
  static func start(
    _ arguments: [String], input: String = "", environment: [String: String] = [:]
  ) throws -> Started {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
      .filter { !notPassedOn.contains($0.key) }
      .merging(environment) { $1 }
    // Files, not pipes: nothing has to be read while it runs.
    process.standardInput = try FileHandle(
      forReadingFrom: URL(fileURLWithPath: folder.write(input, to: "input")))
    process.standardOutput = try FileHandle(
      forWritingTo: URL(fileURLWithPath: folder.write("", to: "output")))
    process.standardError = try FileHandle(
      forWritingTo: URL(fileURLWithPath: folder.write("", to: "errors")))
    try process.run()
    return Started(process: process, folder: folder)
  }

  /// A run under way.
  struct Started {
    let process: Process
    let folder: TemporaryFolder

    var isRunning: Bool { process.isRunning }

    func kill() { _ = Glibc.kill(process.processIdentifier, SIGKILL) }

    func wait() throws -> Run {
      process.waitUntilExit()
      func text(_ name: String) throws -> String {
        String(
          decoding: try Data(contentsOf: folder.url.appendingPathComponent(name)), as: UTF8.self)
      }
      let base: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
      return Run(
        status: base + process.terminationStatus, output: try text("output"),
        errors: try text("errors"))
    }
  }
}

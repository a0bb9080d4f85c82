import Foundation
import Testing

/// A home folder on which commands are run, deleted with the object.
final class CommandHome {
  let folder: TemporaryFolder
  var path: String { folder.path("home") }

  init() throws { folder = try TemporaryFolder() }

  /// Runs a command on the home.
  func run(
    _ arguments: String..., input: String = "", environment: [String: String] = [:]
  ) throws -> EngramProcess.Run {
    try EngramProcess.run(
      arguments + ["--home", path], input: input, environment: environment)
  }

  /// Runs a command that must succeed without a word on standard error.
  @discardableResult
  func succeed(
    _ arguments: String..., input: String = "", sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> EngramProcess.Run {
    let run = try EngramProcess.run(arguments + ["--home", path], input: input)
    #expect(run.status == 0, "\(arguments): \(run.errors)", sourceLocation: sourceLocation)
    #expect(run.errors == "", "\(arguments)", sourceLocation: sourceLocation)
    return run
  }

  /// Episodes with all that filters look at.
  static let lines = """
    {"id": "login", "taskDescription": "Fix the flaky login test", "taskType": "debugging", \
    "context": {"domain": "web", "language": "python"}, "tags": ["auth"], \
    "startTime": "2026-03-02T09:14:05Z", "endTime": "2026-03-02T09:31:40Z", \
    "outcome": {"kind": "success", "verdict": "raised the timeout"}}
    {"id": "refund", "taskDescription": "Refund a customer who was charged twice", \
    "context": {"domain": "support"}, "tags": ["billing", "urgent"], \
    "startTime": "2026-03-05T10:00:00Z", "endTime": "2026-03-05T10:10:00Z", \
    "outcome": {"kind": "failure", "reason": "the payment provider was down"}}
    {"id": "query", "taskDescription": "Speed up the slow database query", \
    "taskType": "refactoring", "context": {"domain": "web", "tags": ["urgent"]}, \
    "namespace": "team-a", "startTime": "2026-04-01T08:00:00Z"}

    """
}

/// Whether a run failed as it should: one line on standard error that says what the cause is.
func expectFailure(
  _ run: EngramProcess.Run, status: Int32, naming parts: String...,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(run.status == status, "\(run.errors)", sourceLocation: sourceLocation)
  #expect(run.errorLines.count == 1, "\(run.errors)", sourceLocation: sourceLocation)
  #expect(run.errors.hasPrefix("engram: "), sourceLocation: sourceLocation)
  for part in parts {
    #expect(run.errors.contains(part), "\(run.errors)", sourceLocation: sourceLocation)
  }
}

internal import ArgumentParser
internal import Engram
internal import Episodes
internal import Foundation

struct EpisodeLogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Add a step, or many, to an unfinished episode and print their numbers.",
    discussion: """
      --steps takes one JSON object a line, with the fields of a step: tool and action, and if they are known \
      parameters, result, latency, tokensUsed, metadata and timestamp. All of them are stored, or none. A step \
      without --success, --error or --timeout has no result, and counts as failed.

      EXAMPLES
        engram episode log ID --tool pytest --action "run the login tests" --error "1 failed"
        engram episode log ID --tool edit --action "raise the timeout" --success done \
      --parameters '{"file": "login_test.py"}' --latency 0.4
        agent-log | engram episode log ID --steps -
      """)

  @Argument(help: "The id of the episode.")
  var id: String

  @Option(help: "The tool that was used.")
  var tool: String?

  @Option(help: "What was done, in words.")
  var action: String?

  @Option(
    help: ArgumentHelp("A file of steps, one a line; - is standard input.", valueName: "file"))
  var steps: String?

  @Option(help: ArgumentHelp("The parameters of the tool.", valueName: "json"))
  var parameters: String?

  @Option(help: ArgumentHelp("The step worked: its output.", valueName: "output"))
  var success: String?

  @Option(help: ArgumentHelp("The step failed: its message.", valueName: "message"))
  var error: String?

  @Flag(help: "The step timed out.")
  var timeout = false

  @Option(help: ArgumentHelp("How long the step took.", valueName: "seconds"))
  var latency: Double?

  @Option(help: "Tokens that the step used.")
  var tokens: Int?

  @OptionGroup var place: NamespaceOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    let given = [success != nil, error != nil, timeout].count { $0 }
    guard given <= 1 else {
      throw ArgumentParser.ValidationError("give one of --success, --error and --timeout")
    }
    if steps != nil {
      guard tool == nil, action == nil, given == 0, tokens == nil, latency == nil,
        parameters == nil
      else {
        throw ArgumentParser.ValidationError("--steps stands alone: a line says all of its step")
      }
    } else {
      guard tool != nil, action != nil else {
        throw ArgumentParser.ValidationError("give --tool and --action, or --steps")
      }
      _ = try parameterValue()
    }
  }

  private func parameterValue() throws -> JSONValue {
    guard let parameters else { return .object([:]) }
    do {
      return try JSONDecoder().decode(JSONValue.self, from: Data(parameters.utf8))
    } catch {
      throw ArgumentParser.ValidationError(
        "--parameters is not JSON; expected such as '{\"path\": \"a.c\"}'")
    }
  }

  func run() async throws {
    if let steps {
      let read = try CommandFailure.naming(steps) { try StepFileReader.steps(path: steps) }
      let logged = try await global.withMemory(shardOf: try place.name(), creating: false) {
        memory in
        try await place.check(id, in: memory)
        return try await memory.logSteps(read, in: id)
      }
      return try global.output.print(logged) {
        logged.isEmpty ? "no steps" : logged.map { "\($0.number)" }.joined(separator: "\n")
      }
    }
    guard let tool, let action else { return }
    let result: StepResult? =
      success.map { .success(output: $0) } ?? error.map { .error(message: $0) }
      ?? (timeout ? .timeout : nil)
    let step = NewStep(
      tool: tool, action: action, parameters: try parameterValue(), result: result,
      latency: latency ?? 0, tokensUsed: tokens)
    let logged = try await global.withMemory(shardOf: try place.name(), creating: false) { memory in
      try await place.check(id, in: memory)
      return try await memory.logStep(step, in: id)
    }
    try global.output.print(logged) { "\(logged.number)" }
  }
}

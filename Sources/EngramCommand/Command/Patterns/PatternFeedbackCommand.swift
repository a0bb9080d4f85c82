internal import ArgumentParser
internal import Engram
internal import Episodes

struct PatternFeedbackCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "feedback",
    abstract: "Say what using a recommended pattern did.",
    discussion: """
      Said again it replaces what was said before.

      EXAMPLES
        engram pattern feedback RECOMMENDATION PATTERN --helped
        engram pattern feedback RECOMMENDATION PATTERN --hindered
      """)

  @Argument(help: "The id of the recommendation, or of a playbook.")
  var recommendation: String

  @Argument(help: "The id of the pattern.")
  var pattern: String

  @Flag(help: "It helped.")
  var helped = false

  @Flag(help: "It made no difference.")
  var noEffect = false

  @Flag(help: "It was in the way.")
  var hindered = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard [helped, noEffect, hindered].count(where: { $0 }) == 1 else {
      throw ArgumentParser.ValidationError("give one of --helped, --no-effect and --hindered")
    }
  }

  func run() async throws {
    let effect: AppliedPattern.Effect = helped ? .helped : hindered ? .hindered : .noEffect
    let record = try await global.withMemory(creating: false) { memory in
      try await memory.recordFeedback(effect, on: pattern, in: recommendation)
      return try await memory.recommendation(id: recommendation)
    }
    try global.output.print(record) { "recorded" }
  }
}

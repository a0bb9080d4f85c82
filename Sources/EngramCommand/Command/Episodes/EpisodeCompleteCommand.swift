internal import ArgumentParser
internal import Engram
internal import Episodes
internal import Foundation

struct EpisodeCompleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "complete",
    abstract: "End an episode with its outcome, and print its reward.",
    discussion: """
      What it teaches is learned at once, unless much is waiting to be learned from: then 'engram pattern \
      learn' does, or a program that keeps the memory open.

      EXAMPLES
        engram episode complete ID --success "raised the timeout" --artifact login_test.py
        engram episode complete ID --partial "two of three" --completed a --completed b --failed c
        engram episode complete ID --failure "cannot reproduce" --details "ran it 200 times"
        engram episode complete ID --abstain "no access to production" --stopped-at 2
      """)

  @Argument(help: "The id of the episode.")
  var id: String

  @Option(help: ArgumentHelp("The task was done.", valueName: "verdict"))
  var success: String?

  @Option(help: ArgumentHelp("Parts of it were done.", valueName: "verdict"))
  var partial: String?

  @Option(help: ArgumentHelp("It was not done.", valueName: "reason"))
  var failure: String?

  @Option(help: ArgumentHelp("The agent stopped on purpose.", valueName: "reason"))
  var abstain: String?

  @Option(help: "What a success produced; can be given again.")
  var artifact: [String] = []

  @Option(help: "A part that was done; can be given again.")
  var completed: [String] = []

  @Option(help: "A part that was not done; can be given again.")
  var failed: [String] = []

  @Option(help: "More about a failure.")
  var details: String?

  @Option(
    help: ArgumentHelp(
      "The step an abstention came at. Default: the last one logged.", valueName: "step"))
  var stoppedAt: Int?

  @Option(help: "What warned an abstaining agent; can be given again.")
  var signal: [String] = []

  @Option(
    help: ArgumentHelp(
      "A pattern that was used, and what that did (helped, noEffect, hindered; else the outcome tells); "
        + "can be given again.", valueName: "pattern[=effect]"))
  var applied: [String] = []

  @OptionGroup var place: NamespaceOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard [success, partial, failure, abstain].count(where: { $0 != nil }) == 1 else {
      throw ArgumentParser.ValidationError(
        "give one of --success, --partial, --failure and --abstain")
    }
    // What would be left out is refused, not ignored.
    for (option, isGiven, owner, isMeant) in [
      ("--artifact", !artifact.isEmpty, "--success", success != nil),
      ("--completed", !completed.isEmpty, "--partial", partial != nil),
      ("--failed", !failed.isEmpty, "--partial", partial != nil),
      ("--details", details != nil, "--failure", failure != nil),
      ("--stopped-at", stoppedAt != nil, "--abstain", abstain != nil),
      ("--signal", !signal.isEmpty, "--abstain", abstain != nil),
    ] where isGiven && !isMeant {
      throw ArgumentParser.ValidationError("\(option) belongs to \(owner)")
    }
    for (option, text) in [
      ("--success", success), ("--partial", partial), ("--failure", failure),
      ("--abstain", abstain),
    ] where text.map({ $0.allSatisfy(\.isWhitespace) }) ?? false {
      throw ArgumentParser.ValidationError("\(option) is empty; expected how it ended, in words")
    }
    for argument in applied { _ = try Self.appliedPattern(argument) }
  }

  /// - Parameter stepCount: how many steps were logged.
  private func outcome(stepCount: Int) -> TaskOutcome {
    if let success { return .success(verdict: success, artifacts: artifact) }
    if let partial {
      return .partialSuccess(verdict: partial, completed: completed, failed: failed)
    }
    if let failure { return .failure(reason: failure, details: details) }
    return .abstained(reason: abstain ?? "", stoppedAtStep: stoppedAt ?? stepCount, signals: signal)
  }

  func run() async throws {
    let applied = try applied.map(Self.appliedPattern)
    let episode = try await global.withMemory(shardOf: try place.name(), creating: false) {
      memory in
      try await place.check(id, in: memory)
      var stepCount = 0
      if abstain != nil, stoppedAt == nil {
        stepCount = try await memory.episode(id: id)?.steps.count ?? 0
      }
      let completed = try await memory.completeEpisode(
        id, outcome: outcome(stepCount: stepCount), appliedPatterns: applied)
      // The episode is complete whatever becomes of this: what is not learned now is later.
      do {
        try await PendingLearning.catchUp(memory, isQuiet: true)
        return try await memory.episode(id: id) ?? completed
      } catch {
        return completed
      }
    }
    try global.output.print(episode) {
      String(format: "reward %.3f", episode.reward?.total ?? 0)
    }
  }

  /// `pattern`, or `pattern=effect`.
  ///
  /// - Throws: a `ValidationError` for an effect that there is not.
  static func appliedPattern(_ argument: String) throws -> AppliedPattern {
    guard let split = argument.lastIndex(of: "=") else {
      return AppliedPattern(patternID: argument)
    }
    let name = String(argument[argument.index(after: split)...])
    guard let effect = AppliedPattern.Effect(rawValue: name) else {
      throw ArgumentParser.ValidationError(
        "--applied '\(argument)': '\(name)' is no effect; expected helped, noEffect or hindered")
    }
    return AppliedPattern(patternID: String(argument[..<split]), effect: effect)
  }
}

internal import Episodes

/// A request and what was done for it so far.
struct OpenRequest {
  let id: String
  let text: String
  let startTime: Timestamp
  var lastTime: Timestamp
  var steps: [ExecutionStep] = []
  /// Steps beyond the most that an episode may have.
  var omittedSteps = 0
  private var stepsByCall: [String: Int] = [:]
  /// Files that steps change, by the indices of those.
  private var changedFiles: [(step: Int, file: String)] = []
  var answer: String?
  var answerIsFinal: Bool?
  /// Why the agent could not go on; nil when it did.
  var problem: String?
  var isInterrupted = false

  static let filesMax = 200
  private static let outputBytesMax = 4_000
  private static let answerBytesMax = 6_000

  init(id: String, text: String, startTime: Timestamp) {
    self.id = id
    self.text = text
    self.startTime = startTime
    lastTime = startTime
  }

  /// Whether nothing came of it: a command of the program's own, or thanks.
  var isEmpty: Bool {
    steps.isEmpty
      && (answer == nil && !isInterrupted && problem == nil || UserReaction.isOnlyThanks(text))
  }

  mutating func call(
    id: String, tool: String, parameters: JSONValue, at time: Timestamp,
    _ redactor: inout SecretRedactor
  ) {
    answer = nil
    answerIsFinal = nil
    problem = nil
    lastTime = max(lastTime, time)
    guard steps.count < EpisodeLimits.stepsMax else {
      omittedSteps += 1
      return
    }
    let tool = BoundedText.kept(
      tool.isEmpty ? "tool" : String(tool.prefix(100)), bytesMax: 200, &redactor)
    for file in ToolCall.changedFiles(tool: tool, parameters)
    where changedFiles.count < Self.filesMax {
      let file = BoundedText.kept(file, bytesMax: 500, &redactor)
      changedFiles.append((steps.count, file))
    }
    let kept = BoundedText.kept(parameters, &redactor)
    steps.append(
      ExecutionStep(
        number: steps.count + 1, timestamp: time, tool: tool,
        // Words of a list are joined to it: what is secret among them may tell itself only then.
        action: redactor.redacted(ToolCall.action(tool: tool, kept)), parameters: kept))
    if !id.isEmpty { stepsByCall[id] = steps.count - 1 }
  }

  mutating func result(
    ofCall id: String, _ output: String, isError: Bool, at time: Timestamp,
    _ redactor: inout SecretRedactor
  ) {
    lastTime = max(lastTime, time)
    let index = id.isEmpty ? steps.lastIndex { $0.result == nil } : stepsByCall[id]
    guard let index, steps[index].result == nil else { return }
    let text = BoundedText.kept(output, bytesMax: Self.outputBytesMax, &redactor)
    let seconds = time.seconds(since: steps[index].timestamp)
    steps[index].latency = min(max(0, seconds), ExecutionStep.latencyMax)
    if isError {
      let isTimeout = text.prefix(200).lowercased().contains("timed out")
      steps[index].result = isTimeout ? .timeout : .error(message: text)
    } else {
      steps[index].result = .success(output: text)
    }
  }

  mutating func answered(
    _ text: String, isFinal: Bool?, at time: Timestamp, _ redactor: inout SecretRedactor
  ) {
    let text = RequestText.trimmed(
      BoundedText.kept(text, bytesMax: Self.answerBytesMax, &redactor))
    guard !text.isEmpty else { return }
    lastTime = max(lastTime, time)
    answer = text
    answerIsFinal = isFinal
    problem = nil
  }

  /// Files that were changed, as they are called in the folder of the session.
  func artifacts(in folder: String?) -> [String] {
    var artifacts: [String] = []
    for (step, file) in changedFiles where steps[step].succeeded {
      var name = file
      if let folder, file.hasPrefix(folder + "/") {
        name = String(file.dropFirst(folder.count + 1))
      }
      if !artifacts.contains(name) { artifacts.append(name) }
    }
    return artifacts
  }
}

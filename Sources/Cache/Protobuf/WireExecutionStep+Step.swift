import Episodes

extension WireExecutionStep {
  init(_ step: ExecutionStep) throws(WireError) {
    self.init()
    number = Int64(step.number)
    timestamp = step.timestamp.nanosecondsSince1970
    tool = step.tool
    action = step.action
    if step.parameters != .object([:]) { parameters = try JSONText.text(step.parameters) }
    switch step.result {
    case .success(let text): result = .output(text)
    case .error(let message): result = .errorMessage(message)
    case .timeout: result = .timeout(true)
    case nil: break
    }
    latency = step.latency
    if let tokens = step.tokensUsed { tokensUsed = Int64(tokens) }
    metadata = step.metadata
  }

  func step() throws(WireError) -> ExecutionStep {
    let stepResult: StepResult? =
      switch result {
      case .output(let text): .success(output: text)
      case .errorMessage(let message): .error(message: message)
      case .timeout: .timeout
      case nil: nil
      }
    return ExecutionStep(
      number: Int(number), timestamp: Timestamp(nanosecondsSince1970: timestamp), tool: tool,
      action: action,
      parameters: parameters.isEmpty ? .object([:]) : try JSONText.value(parameters),
      result: stepResult, latency: latency, tokensUsed: hasTokensUsed ? Int(tokensUsed) : nil,
      metadata: metadata)
  }
}

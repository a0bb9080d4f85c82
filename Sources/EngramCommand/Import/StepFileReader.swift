internal import Engram
internal import Episodes
internal import Interchange

/// Reads steps from a JSON Lines file or standard input, as `engram episode log --steps` takes them: the fields
/// of a step, but for its number.
enum StepFileReader {
  /// All steps of a file.
  ///
  /// - Parameter path: the file; `-` is standard input.
  /// - Throws: ``EpisodeLineError`` for the first line that is no step; ``FileError``.
  static func steps(path: String) throws -> [NewStep] {
    var lines = LineReader(
      try InputFile(path: path), lineBytesMax: EpisodeFileReader.defaultLineBytesMax)
    var steps: [NewStep] = []
    while true {
      let number = lines.lineNumber + 1
      let step: Result<NewStep?, EpisodeLineError>? = try lines.next { line in
        Result { () throws(EpisodeLineError) in
          switch line {
          case .tooLong:
            throw EpisodeLineError(
              line: number, problem: "is too long", advice: "expected one step")
          case .text(let bytes):
            if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return nil }
            return try self.step(bytes, line: number)
          }
        }
      }
      guard let step else { return steps }
      if let step = try step.get() { steps.append(step) }
      guard steps.count <= EpisodeLimits.stepsMax else {
        throw EpisodeLineError(
          line: number, problem: "is step \(steps.count)",
          advice: "expected at most \(EpisodeLimits.stepsMax) steps")
      }
    }
  }

  private static func step(
    _ bytes: UnsafeRawBufferPointer, line: Int
  ) throws(EpisodeLineError) -> NewStep {
    let value = try ShapedLine.value(
      of: bytes, shape: EpisodeShape.step, line: line, expected: "expected one JSON object")
    guard case .object(var fields) = value else {
      throw EpisodeLineError(line: line, problem: "is no object", advice: "expected one step")
    }
    guard fields["number"] == nil else {
      throw EpisodeLineError(
        line: line, field: "number", problem: "is given by the memory", advice: "leave it out")
    }
    for field in ["tool", "action"] where fields[field] == nil {
      throw EpisodeLineError(
        line: line, field: field, problem: "is missing", advice: "expected a text")
    }
    let isTimed = fields["timestamp"] != nil
    fields["number"] = .integer(1)
    if !isTimed { fields["timestamp"] = .string("1970-01-01T00:00:00Z") }
    do {
      let step = try ExecutionStep(from: JSONValueDecoder(.object(fields), userInfo: [:]))
      return NewStep(
        tool: step.tool, action: step.action, parameters: step.parameters, result: step.result,
        latency: step.latency, tokensUsed: step.tokensUsed, metadata: step.metadata,
        timestamp: isTimed ? step.timestamp : nil)
    } catch let error as DecodingError {
      throw EpisodeLineError(
        line: line, problem: EpisodeLineParser.problem(of: error), advice: "expected a step")
    } catch {
      throw EpisodeLineError(line: line, problem: "\(error)", advice: "expected a step")
    }
  }
}

import Episodes

extension JSONColumns {
  /// An outcome without its kind, which has a column of its own.
  static func outcome(_ outcome: TaskOutcome) -> String {
    var writer = JSONWriter(reservingBytes: 256)
    switch outcome {
    case .success(let verdict, let artifacts):
      writer.raw("{\"artifacts\":")
      writer.strings(artifacts)
      writer.raw(",\"verdict\":")
      writer.string(verdict)
    case .partialSuccess(let verdict, let completed, let failed):
      writer.raw("{\"completed\":")
      writer.strings(completed)
      writer.raw(",\"failed\":")
      writer.strings(failed)
      writer.raw(",\"verdict\":")
      writer.string(verdict)
    case .failure(let reason, let details):
      writer.raw("{")
      if let details {
        writer.raw("\"details\":")
        writer.string(details)
        writer.raw(",")
      }
      writer.raw("\"reason\":")
      writer.string(reason)
    case .abstained(let reason, let stoppedAtStep, let signals):
      writer.raw("{\"reason\":")
      writer.string(reason)
      writer.raw(",\"signals\":")
      writer.strings(signals)
      writer.raw(",\"stoppedAtStep\":")
      writer.integer(stoppedAtStep)
    }
    writer.raw("}")
    return writer.text
  }

  static func outcome(
    _ text: String, kind: TaskOutcome.Kind
  ) throws(JSONTextError) -> TaskOutcome {
    let object = try JSONTextReader.parse(text).object()
    switch kind {
    case .success:
      return .success(
        verdict: try object.value("verdict").string(),
        artifacts: try object.value("artifacts").strings())
    case .partialSuccess:
      return .partialSuccess(
        verdict: try object.value("verdict").string(),
        completed: try object.value("completed").strings(),
        failed: try object.value("failed").strings())
    case .failure:
      return .failure(
        reason: try object.value("reason").string(),
        details: try object["details"]?.string())
    case .abstained:
      return .abstained(
        reason: try object.value("reason").string(),
        stoppedAtStep: Int(try object.value("stoppedAtStep").integer()),
        signals: try object.value("signals").strings())
    }
  }

  static func reflection(_ reflection: Reflection) -> String {
    var writer = JSONWriter(reservingBytes: 256)
    writer.raw("{\"generatedAt\":")
    writer.integer(reflection.generatedAt.nanosecondsSince1970)
    writer.raw(",\"improvements\":")
    writer.strings(reflection.improvements)
    writer.raw(",\"insights\":")
    writer.strings(reflection.insights)
    writer.raw(",\"successes\":")
    writer.strings(reflection.successes)
    writer.raw("}")
    return writer.text
  }

  static func reflection(_ text: String) throws(JSONTextError) -> Reflection {
    let object = try JSONTextReader.parse(text).object()
    return Reflection(
      successes: try object.value("successes").strings(),
      improvements: try object.value("improvements").strings(),
      insights: try object.value("insights").strings(),
      generatedAt: Timestamp(
        nanosecondsSince1970: try object.value("generatedAt").integer()))
  }

  static func appliedPatterns(_ patterns: [AppliedPattern]) -> String {
    if patterns.isEmpty { return "[]" }
    var writer = JSONWriter()
    writer.raw("[")
    var isFirst = true
    for pattern in patterns {
      writer.separate(&isFirst)
      writer.raw("{")
      if let effect = pattern.effect {
        writer.raw("\"effect\":")
        writer.string(effect.rawValue)
        writer.raw(",")
      }
      writer.raw("\"patternID\":")
      writer.string(pattern.patternID)
      writer.raw("}")
    }
    writer.raw("]")
    return writer.text
  }

  static func appliedPatterns(_ text: String) throws(JSONTextError) -> [AppliedPattern] {
    if text == "[]" { return [] }
    var patterns: [AppliedPattern] = []
    for element in try JSONTextReader.parse(text).array() {
      let object = try element.object()
      var pattern = AppliedPattern(patternID: try object.value("patternID").string())
      if let name = try object["effect"]?.string() {
        guard let effect = AppliedPattern.Effect(rawValue: name) else {
          throw JSONTextError(problem: "unknown effect '\(name)'")
        }
        pattern.effect = effect
      }
      patterns.append(pattern)
    }
    return patterns
  }
}

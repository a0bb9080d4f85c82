import Episodes

/// The columns of a step.
enum StepRow {
  static let columns = [
    "number", "timestamp", "tool", "action", "parameters", "result_kind", "result_text",
    "latency_seconds", "tokens_used", "metadata",
  ]

  static let selection = "s.episode, " + columns.map { "s.\($0)" }.joined(separator: ", ")

  /// Inserts a step of the episode `?1` as written at revision `?2`; nothing if there is none.
  static let insert =
    "INSERT INTO steps (episode, \(columns.joined(separator: ", "))) SELECT rowid, "
    + (0..<columns.count).map { "?\($0 + 3)" }.joined(separator: ", ")
    + " FROM episodes WHERE id = ?1 AND revision = ?2"

  static func arguments(_ step: ExecutionStep, episode: SQLValue, revision: Int64) -> [SQLValue] {
    let kind: SQLValue
    let text: SQLValue
    switch step.result {
    case .success(let output):
      kind = .text("success")
      text = .text(output)
    case .error(let message):
      kind = .text("error")
      text = .text(message)
    case .timeout:
      kind = .text("timeout")
      text = .null
    case nil:
      kind = .null
      text = .null
    }
    return [
      episode, .integer(revision), .integer(Int64(step.number)),
      .integer(step.timestamp.nanosecondsSince1970), .text(step.tool), .text(step.action),
      .text(JSONColumns.value(step.parameters)), kind, text, .real(step.latency),
      SQLValue(step.tokensUsed), .text(JSONColumns.object(step.metadata)),
    ]
  }

  /// Bytes of the texts a step stores.
  static func byteCount(_ step: ExecutionStep) -> Int {
    arguments(step, episode: .null, revision: 0).reduce(0) { sum, value in
      if case .text(let text) = value { sum + text.utf8.count } else { sum }
    }
  }

  /// Reads a row of ``selection``.
  static func decode(
    _ values: [SQLValue], columns: [String]
  ) throws(DurableStoreError) -> (episode: Int64, step: ExecutionStep) {
    var row = RowReader(table: "steps", columns: columns, values: values)
    let episode = try row.integer()
    var step = ExecutionStep(
      number: Int(try row.integer()), timestamp: try row.timestamp(), tool: try row.text(),
      action: try row.text(), parameters: try row.json(JSONColumns.value))
    let kind = try row.optionalText()
    let text = try row.optionalText()
    switch kind {
    case nil: break
    case "success": step.result = .success(output: text ?? "")
    case "error": step.result = .error(message: text ?? "")
    case "timeout": step.result = .timeout
    case let kind?: throw row.failure("unknown result '\(kind)'")
    }
    step.latency = try row.real()
    step.tokensUsed = try row.optionalInteger().map(Int.init)
    step.metadata = try row.json(JSONColumns.object)
    return (episode, step)
  }
}

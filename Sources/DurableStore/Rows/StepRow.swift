import Episodes

/// The columns of a step.
enum StepRow {
  static let columns = [
    "number", "timestamp", "tool", "action", "parameters", "result_kind", "result_text",
    "latency_seconds", "tokens_used", "metadata",
  ]

  static let selection = selected.map { "s.\($0)" }.joined(separator: ", ")
  static let selected = ["episode"] + columns

  /// Inserts steps of episodes, each named by its id and the revision it was written at; nothing
  /// where there is none.
  static let insert = RowGroups.Statements { rowCount in
    let width = columns.count + 2
    let rows = RowGroups.parameters(rowCount: rowCount, width: width)
    let values = (3...width).map { "v.column\($0)" }.joined(separator: ", ")
    return "INSERT INTO steps (episode, \(columns.joined(separator: ", "))) "
      + "SELECT e.rowid, \(values) FROM (VALUES \(rows)) AS v "
      + "CROSS JOIN episodes AS e ON e.id = v.column1 AND e.revision = v.column2"
  }

  /// Inserts steps of episodes that the statement before has inserted, see ``NewRows``.
  static let insertNew = RowGroups.Statements { rowCount in
    let width = columns.count + 1
    let rows = (0..<rowCount).map { row in
      let values = (2...width).map { "?\(row * width + $0)" }
      return "(" + ([NewRows.rowID("?\(row * width + 1)")] + values).joined(separator: ", ") + ")"
    }
    return "INSERT INTO steps (episode, \(columns.joined(separator: ", "))) VALUES "
      + rows.joined(separator: ", ")
  }

  /// Adds the values of one row of ``insert`` to `arguments`.
  static func append(
    _ step: ExecutionStep, episode: SQLValue, revision: Int64, to arguments: inout [SQLValue]
  ) {
    arguments.append(episode)
    arguments.append(.integer(revision))
    append(step, to: &arguments)
  }

  /// Adds the values of one row of ``insertNew`` to `arguments`.
  ///
  /// - Parameter distance: from the episode to the last that was inserted.
  static func append(_ step: ExecutionStep, distance: Int, to arguments: inout [SQLValue]) {
    arguments.append(.integer(Int64(distance)))
    append(step, to: &arguments)
  }

  /// Adds the values of ``columns`` one by one: a list of them would be made for each step.
  private static func append(_ step: ExecutionStep, to arguments: inout [SQLValue]) {
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
    arguments.append(.integer(Int64(step.number)))
    arguments.append(.integer(step.timestamp.nanosecondsSince1970))
    arguments.append(.text(step.tool))
    arguments.append(.text(step.action))
    arguments.append(.text(JSONColumns.value(step.parameters)))
    arguments.append(kind)
    arguments.append(text)
    arguments.append(.real(step.latency))
    arguments.append(SQLValue(step.tokensUsed))
    arguments.append(.text(JSONColumns.object(step.metadata)))
  }

  /// Bytes of the texts a step stores.
  static func byteCount(_ step: ExecutionStep) -> Int {
    var values: [SQLValue] = []
    append(step, episode: .null, revision: 0, to: &values)
    return values.reduce(0) { sum, value in
      if case .text(let text) = value { sum + text.utf8.count } else { sum }
    }
  }

  /// Reads a row of ``selection``.
  static func decode(
    _ values: some RowValues, columns: [String] = selected
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

public import Episodes

/// Statements that are run one after the other, each if its condition holds.
public struct HranaBatch: Hashable, Sendable {
  public struct Step: Hashable, Sendable {
    /// Always run without one.
    public var condition: HranaCondition?
    public var statement: HranaStatement

    public init(_ statement: HranaStatement, if condition: HranaCondition? = nil) {
      self.statement = statement
      self.condition = condition
    }
  }

  public var steps: [Step]

  public init(_ steps: [Step]) { self.steps = steps }

  /// Statements in one transaction: all of them, or none. The first and the last two steps of the batch are those
  /// that begin, commit and undo it.
  ///
  /// - Parameter begin: such as `BEGIN IMMEDIATE`.
  public init(transaction statements: [HranaStatement], begin: String) {
    var steps = [Step(HranaStatement(begin, wantsRows: false))]
    for statement in statements {
      steps.append(Step(statement, if: .ok(step: steps.count - 1)))
    }
    let commit = steps.count
    steps.append(Step(HranaStatement("COMMIT", wantsRows: false), if: .ok(step: commit - 1)))
    steps.append(
      Step(
        HranaStatement("ROLLBACK", wantsRows: false),
        if: .and([.ok(step: 0), .not(.ok(step: commit)), .not(.isAutocommit)])))
    self.steps = steps
  }
}

extension HranaBatch: HranaMessage {
  public init(json: JSONValue) throws(HranaFormatError) {
    steps = try HranaFields(json).list("steps")
    for (index, step) in steps.enumerated() {
      if let last = step.condition?.lastStep, last >= index {
        throw HranaFormatError(
          "steps[\(index)].condition", "looks at step \(last); expected one before its own")
      }
    }
  }

  public func write(to writer: inout JSONWriter) {
    writer.raw(#"{"steps":"#)
    writer.list(steps)
    writer.raw("}")
  }
}

extension HranaBatch.Step: HranaMessage {
  public init(json: JSONValue) throws(HranaFormatError) {
    let fields = try HranaFields(json)
    condition = try fields.optional("condition")
    statement = try fields.message("stmt")
  }

  public func write(to writer: inout JSONWriter) {
    writer.raw("{")
    if let condition {
      writer.raw(#""condition":"#)
      condition.write(to: &writer)
      writer.raw(",")
    }
    writer.raw(#""stmt":"#)
    statement.write(to: &writer)
    writer.raw("}")
  }
}

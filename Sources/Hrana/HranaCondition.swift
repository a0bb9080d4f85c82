public import Episodes

/// Whether a step of a batch is run, by how the steps before it went.
public indirect enum HranaCondition: Hashable, Sendable {
  /// The step was run and did not fail.
  case ok(step: Int)
  /// The step was run and failed.
  case error(step: Int)
  case not(HranaCondition)
  case and([HranaCondition])
  case or([HranaCondition])
  /// No transaction is open.
  case isAutocommit

  /// How a step went.
  public enum Outcome: Hashable, Sendable { case ok, error, skipped }

  /// - Parameter outcomes: of the steps before; those after do not hold.
  public func holds(_ outcomes: [Outcome], isAutocommit: Bool) -> Bool {
    switch self {
    case .ok(let step): outcomes.indices.contains(step) && outcomes[step] == .ok
    case .error(let step): outcomes.indices.contains(step) && outcomes[step] == .error
    case .not(let condition): !condition.holds(outcomes, isAutocommit: isAutocommit)
    case .and(let conditions):
      conditions.allSatisfy { $0.holds(outcomes, isAutocommit: isAutocommit) }
    case .or(let conditions):
      conditions.contains { $0.holds(outcomes, isAutocommit: isAutocommit) }
    case .isAutocommit: isAutocommit
    }
  }

  /// The last step it looks at; nil where it looks at none.
  var lastStep: Int? {
    switch self {
    case .ok(let step), .error(let step): step
    case .not(let condition): condition.lastStep
    case .and(let conditions), .or(let conditions): conditions.compactMap(\.lastStep).max()
    case .isAutocommit: nil
    }
  }
}

extension HranaCondition: HranaMessage {
  public init(json: JSONValue) throws(HranaFormatError) {
    let fields = try HranaFields(json)
    switch try fields.text("type") {
    case "ok": self = .ok(step: try fields.count("step"))
    case "error": self = .error(step: try fields.count("step"))
    case "not": self = .not(try fields.message("cond"))
    case "and": self = .and(try fields.list("conds"))
    case "or": self = .or(try fields.list("conds"))
    case "is_autocommit": self = .isAutocommit
    case let type:
      throw HranaFormatError(
        "type", "is '\(type.prefix(40))'; expected ok, error, not, and, or, is_autocommit")
    }
  }

  public func write(to writer: inout JSONWriter) {
    switch self {
    case .ok(let step):
      writer.raw(#"{"type":"ok","step":"#)
      writer.integer(step)
    case .error(let step):
      writer.raw(#"{"type":"error","step":"#)
      writer.integer(step)
    case .not(let condition):
      writer.raw(#"{"type":"not","cond":"#)
      condition.write(to: &writer)
    case .and(let conditions):
      writer.raw(#"{"type":"and","conds":"#)
      writer.list(conditions)
    case .or(let conditions):
      writer.raw(#"{"type":"or","conds":"#)
      writer.list(conditions)
    case .isAutocommit: writer.raw(#"{"type":"is_autocommit""#)
    }
    writer.raw("}")
  }
}

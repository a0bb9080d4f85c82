public import Episodes

/// What a stream answers to a ``HranaRequest`` that did not fail.
public enum HranaResponse: Hashable, Sendable {
  case execute(HranaStatementResult)
  case batch(HranaBatchResult)
  case sequence
  case describe(HranaDescription)
  case storeSQL
  case closeSQL
  case getAutocommit(Bool)
  case close
}

extension HranaResponse: HranaMessage {
  public init(json: JSONValue) throws(HranaFormatError) {
    let fields = try HranaFields(json)
    switch try fields.text("type") {
    case "execute": self = .execute(try fields.message("result"))
    case "batch": self = .batch(try fields.message("result"))
    case "sequence": self = .sequence
    case "describe": self = .describe(try fields.message("result"))
    case "store_sql": self = .storeSQL
    case "close_sql": self = .closeSQL
    case "get_autocommit":
      guard let flag = try fields.optionalFlag("is_autocommit") else {
        throw HranaFormatError("is_autocommit", "is missing; expected true or false")
      }
      self = .getAutocommit(flag)
    case "close": self = .close
    case let type: throw HranaFormatError("type", "is '\(type.prefix(40))', which is no answer")
    }
  }

  public func write(to writer: inout JSONWriter) {
    switch self {
    case .execute(let result):
      writer.raw(#"{"type":"execute","result":"#)
      result.write(to: &writer)
    case .batch(let result):
      writer.raw(#"{"type":"batch","result":"#)
      result.write(to: &writer)
    case .sequence: writer.raw(#"{"type":"sequence""#)
    case .describe(let description):
      writer.raw(#"{"type":"describe","result":"#)
      description.write(to: &writer)
    case .storeSQL: writer.raw(#"{"type":"store_sql""#)
    case .closeSQL: writer.raw(#"{"type":"close_sql""#)
    case .getAutocommit(let flag):
      writer.raw(#"{"type":"get_autocommit","is_autocommit":"#)
      writer.raw(flag ? "true" : "false")
    case .close: writer.raw(#"{"type":"close""#)
    }
    writer.raw("}")
  }
}

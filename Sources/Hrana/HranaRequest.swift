public import Episodes

/// One of the things that a stream is asked to do.
public enum HranaRequest: Hashable, Sendable {
  case execute(HranaStatement)
  case batch(HranaBatch)
  /// Statements with `;` between them, whose rows are not sent back.
  case sequence(SQLText)
  case describe(SQLText)
  case storeSQL(id: Int, sql: String)
  case closeSQL(id: Int)
  case getAutocommit
  /// Ends the stream.
  case close
}

extension HranaRequest: HranaMessage {
  public init(json: JSONValue) throws(HranaFormatError) {
    let fields = try HranaFields(json)
    switch try fields.text("type") {
    case "execute": self = .execute(try fields.message("stmt"))
    case "batch": self = .batch(try fields.message("batch"))
    case "sequence": self = .sequence(try SQLText(fields))
    case "describe": self = .describe(try SQLText(fields))
    case "store_sql":
      guard let id = try fields.optionalInteger("sql_id") else {
        throw HranaFormatError("sql_id", "is missing; expected a whole number")
      }
      self = .storeSQL(id: id, sql: try fields.text("sql"))
    case "close_sql":
      guard let id = try fields.optionalInteger("sql_id") else {
        throw HranaFormatError("sql_id", "is missing; expected a whole number")
      }
      self = .closeSQL(id: id)
    case "get_autocommit": self = .getAutocommit
    case "close": self = .close
    case let type:
      throw HranaFormatError(
        "type",
        "is '\(type.prefix(40))'; expected execute, batch, sequence, describe, store_sql, "
          + "close_sql, get_autocommit or close")
    }
  }

  public func write(to writer: inout JSONWriter) {
    switch self {
    case .execute(let statement):
      writer.raw(#"{"type":"execute","stmt":"#)
      statement.write(to: &writer)
    case .batch(let batch):
      writer.raw(#"{"type":"batch","batch":"#)
      batch.write(to: &writer)
    case .sequence(let sql):
      writer.raw(#"{"type":"sequence","#)
      sql.writeField(to: &writer)
    case .describe(let sql):
      writer.raw(#"{"type":"describe","#)
      sql.writeField(to: &writer)
    case .storeSQL(let id, let sql):
      writer.raw(#"{"type":"store_sql","sql_id":"#)
      writer.integer(id)
      writer.field(#","sql":"#, sql)
    case .closeSQL(let id):
      writer.raw(#"{"type":"close_sql","sql_id":"#)
      writer.integer(id)
    case .getAutocommit: writer.raw(#"{"type":"get_autocommit""#)
    case .close: writer.raw(#"{"type":"close""#)
    }
    writer.raw("}")
  }
}

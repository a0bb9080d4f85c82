internal import Episodes

/// SQL, or the number under which it was stored on the stream.
public enum SQLText: Hashable, Sendable {
  case sql(String)
  case stored(Int)
}

extension SQLText {
  init(_ fields: HranaFields) throws(HranaFormatError) {
    switch (try fields.optionalText("sql"), try fields.optionalInteger("sql_id")) {
    case (let sql?, nil): self = .sql(sql)
    case (nil, let id?): self = .stored(id)
    case (nil, nil): throw HranaFormatError("sql", "is missing; expected it, or sql_id")
    case (_?, _?): throw HranaFormatError("sql", "is given with sql_id; expected one of them")
    }
  }

  func writeField(to writer: inout JSONWriter) {
    switch self {
    case .sql(let sql): writer.field(#""sql":"#, sql)
    case .stored(let id):
      writer.raw(#""sql_id":"#)
      writer.integer(id)
    }
  }
}

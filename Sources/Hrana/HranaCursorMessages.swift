public import Episodes

/// A batch whose results are sent row by row.
public struct HranaCursorRequest: Hashable, Sendable {
  /// What the latest answer of the stream gave; nil for a new stream.
  public var baton: String?
  public var batch: HranaBatch

  public init(baton: String? = nil, _ batch: HranaBatch) {
    self.baton = baton
    self.batch = batch
  }
}

extension HranaCursorRequest: HranaMessage {
  public init(json: JSONValue) throws(HranaFormatError) {
    let fields = try HranaFields(json)
    baton = try fields.optionalText("baton")
    batch = try fields.message("batch")
  }

  public func write(to writer: inout JSONWriter) {
    writer.field(#"{"baton":"#, baton)
    writer.raw(#","batch":"#)
    batch.write(to: &writer)
    writer.raw("}")
  }
}

/// The first line of the answer to a ``HranaCursorRequest``.
public struct HranaCursorResponse: Hashable, Sendable {
  /// For the requests after this one.
  public var baton: String?
  /// Where they go; nil for the same place.
  public var baseURL: String?

  public init(baton: String?, baseURL: String? = nil) {
    self.baton = baton
    self.baseURL = baseURL
  }
}

extension HranaCursorResponse: HranaMessage {
  public init(json: JSONValue) throws(HranaFormatError) {
    let fields = try HranaFields(json)
    baton = try fields.optionalText("baton")
    baseURL = try fields.optionalText("base_url")
  }

  public func write(to writer: inout JSONWriter) {
    writer.field(#"{"baton":"#, baton)
    writer.field(#","base_url":"#, baseURL)
    writer.raw("}")
  }
}

/// Each line after it.
public enum HranaCursorEntry: Hashable, Sendable {
  case stepBegin(step: Int, columns: [HranaStatementResult.Column])
  case row([HranaValue])
  case stepEnd(affectedRowCount: Int, lastInsertRowID: Int64?)
  case stepError(step: Int, HranaError)
  /// The whole batch has failed; nothing comes after it.
  case error(HranaError)
  /// Of a later protocol; it means nothing here.
  case other
}

extension HranaCursorEntry: HranaMessage {
  public init(json: JSONValue) throws(HranaFormatError) {
    let fields = try HranaFields(json)
    switch try fields.text("type") {
    case "step_begin":
      self = .stepBegin(step: try fields.count("step"), columns: try fields.list("cols"))
    case "row":
      self = .row(try HranaStatementResult.row(fields["row"] ?? .null, columnCount: nil))
    case "step_end":
      self = .stepEnd(
        affectedRowCount: try fields.optionalInteger("affected_row_count") ?? 0,
        lastInsertRowID: try fields.optionalLong("last_insert_rowid"))
    case "step_error":
      self = .stepError(step: try fields.count("step"), try fields.message("error"))
    case "error": self = .error(try fields.message("error"))
    default: self = .other
    }
  }

  public func write(to writer: inout JSONWriter) {
    switch self {
    case .stepBegin(let step, let columns):
      writer.raw(#"{"type":"step_begin","step":"#)
      writer.integer(step)
      writer.raw(#","cols":"#)
      writer.list(columns)
    case .row(let values):
      writer.raw(#"{"type":"row","row":"#)
      writer.list(values)
    case .stepEnd(let count, let rowID):
      writer.raw(#"{"type":"step_end","affected_row_count":"#)
      writer.integer(count)
      writer.field(#","last_insert_rowid":"#, rowID.map { String($0) })
    case .stepError(let step, let error):
      writer.raw(#"{"type":"step_error","step":"#)
      writer.integer(step)
      writer.raw(#","error":"#)
      error.write(to: &writer)
    case .error(let error):
      writer.raw(#"{"type":"error","error":"#)
      error.write(to: &writer)
    case .other: writer.raw(#"{"type":"other""#)
    }
    writer.raw("}")
  }
}

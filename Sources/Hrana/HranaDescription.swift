public import Episodes

/// What a statement takes and gives, without running it.
public struct HranaDescription: Hashable, Sendable {
  /// The names of its parameters; nil for those that have none.
  public var parameters: [String?]
  public var columns: [HranaStatementResult.Column]
  public var isExplain: Bool
  public var isReadOnly: Bool

  public init(
    parameters: [String?], columns: [HranaStatementResult.Column], isExplain: Bool,
    isReadOnly: Bool
  ) {
    self.parameters = parameters
    self.columns = columns
    self.isExplain = isExplain
    self.isReadOnly = isReadOnly
  }
}

extension HranaDescription: HranaMessage {
  public init(json: JSONValue) throws(HranaFormatError) {
    let fields = try HranaFields(json)
    parameters = []
    for value in try fields.values("params") {
      parameters.append(try HranaFields(value).optionalText("name"))
    }
    columns = try fields.list("cols")
    isExplain = try fields.optionalFlag("is_explain") ?? false
    isReadOnly = try fields.optionalFlag("is_readonly") ?? false
  }

  public func write(to writer: inout JSONWriter) {
    writer.raw(#"{"params":["#)
    var isFirst = true
    for name in parameters {
      writer.separate(&isFirst)
      writer.field(#"{"name":"#, name)
      writer.raw("}")
    }
    writer.raw(#"],"cols":"#)
    writer.list(columns)
    writer.raw(isExplain ? #","is_explain":true"# : #","is_explain":false"#)
    writer.raw(isReadOnly ? #","is_readonly":true}"# : #","is_readonly":false}"#)
  }
}

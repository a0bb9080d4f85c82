public import Episodes

/// A statement and the values of its parameters.
public struct HranaStatement: Hashable, Sendable {
  /// A value for a parameter by its name, with or without its `:`, `@` or `$`.
  public struct NamedArgument: Hashable, Sendable {
    public var name: String
    public var value: HranaValue

    public init(name: String, value: HranaValue) {
      self.name = name
      self.value = value
    }
  }

  public var sql: SQLText
  public var arguments: [HranaValue]
  public var namedArguments: [NamedArgument]
  /// Whether rows are sent back.
  public var wantsRows: Bool

  public init(
    _ sql: String, _ arguments: [HranaValue] = [], named: [NamedArgument] = [],
    wantsRows: Bool = true
  ) {
    self.sql = .sql(sql)
    self.arguments = arguments
    namedArguments = named
    self.wantsRows = wantsRows
  }
}

extension HranaStatement: HranaMessage {
  public init(json: JSONValue) throws(HranaFormatError) {
    let fields = try HranaFields(json)
    sql = try SQLText(fields)
    arguments = try fields.list("args")
    namedArguments = try fields.list("named_args")
    wantsRows = try fields.optionalFlag("want_rows") ?? true
  }

  public func write(to writer: inout JSONWriter) {
    writer.raw("{")
    sql.writeField(to: &writer)
    if !arguments.isEmpty {
      writer.raw(#","args":"#)
      writer.list(arguments)
    }
    if !namedArguments.isEmpty {
      writer.raw(#","named_args":"#)
      writer.list(namedArguments)
    }
    writer.raw(wantsRows ? #","want_rows":true}"# : #","want_rows":false}"#)
  }
}

extension HranaStatement.NamedArgument: HranaMessage {
  public init(json: JSONValue) throws(HranaFormatError) {
    let fields = try HranaFields(json)
    name = try fields.text("name")
    value = try fields.message("value")
  }

  public func write(to writer: inout JSONWriter) {
    writer.field(#"{"name":"#, name)
    writer.raw(#","value":"#)
    value.write(to: &writer)
    writer.raw("}")
  }
}

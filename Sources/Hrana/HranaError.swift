public import Episodes

/// What a server says of a statement or request that failed.
public struct HranaError: Error, Hashable, Sendable, CustomStringConvertible {
  public var message: String
  /// A name that programs can tell apart, such as `SQLITE_CONSTRAINT`.
  public var code: String?
  /// SQLite's own, where it says more: `SQLITE_CONSTRAINT_UNIQUE`.
  public var extendedCode: String?

  public init(_ code: String, _ message: String, extendedCode: String? = nil) {
    self.code = code
    self.message = message
    self.extendedCode = extendedCode
  }

  public var description: String { "\(message) (\(code ?? "no code"))" }
}

extension HranaError: HranaMessage {
  public init(json: JSONValue) throws(HranaFormatError) {
    let fields = try HranaFields(json)
    message = try fields.text("message")
    code = try fields.optionalText("code")
    extendedCode = try fields.optionalText("extended_code")
  }

  public func write(to writer: inout JSONWriter) {
    writer.field(#"{"message":"#, message)
    writer.field(#","code":"#, code)
    if let extendedCode { writer.field(#","extended_code":"#, extendedCode) }
    writer.raw("}")
  }
}

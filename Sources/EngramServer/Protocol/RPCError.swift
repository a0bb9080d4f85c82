internal import Episodes

/// An error of the protocol, as a client sees it: JSON-RPC 2.0, and what MCP adds.
struct RPCError: Error, Hashable, Sendable {
  var code: Int64
  var message: String
  var data: JSONValue?

  init(_ code: Int64, _ message: String, data: JSONValue? = nil) {
    self.code = code
    self.message = message
    self.data = data
  }

  /// The text is no JSON.
  static func parse(_ message: String) -> RPCError { RPCError(-32700, message) }

  /// The value is no message, or comes at a wrong time.
  static func invalidRequest(_ message: String) -> RPCError { RPCError(-32600, message) }

  static func unknownMethod(_ method: String) -> RPCError {
    RPCError(-32601, "there is no method '\(PrintableText.line(String(method.prefix(100))))'")
  }

  static func invalidParams(_ message: String) -> RPCError { RPCError(-32602, message) }

  static func invalidParams(
    _ field: String, _ problem: String, expected: String
  ) -> RPCError {
    RPCError(-32602, "\(field): \(problem); expected \(expected)")
  }

  static func inside(_ message: String) -> RPCError { RPCError(-32603, message) }

  /// More requests at once than the server takes.
  static func busy(_ message: String) -> RPCError { RPCError(-32000, message) }

  static func unsupportedVersion(_ requested: String) -> RPCError {
    RPCError(
      -32022, "unsupported protocol version",
      data: [
        "requested": .string(requested),
        "supported": .array(ProtocolVersion.stateless.map { .string($0.rawValue) }),
      ])
  }

  /// There is no such resource; its code depends on the era.
  static func unknownResource(_ uri: String, _ version: ProtocolVersion) -> RPCError {
    RPCError(
      version.isStateless ? -32602 : -32002, "there is no resource '\(uri)'",
      data: ["uri": .string(uri)])
  }

  /// The answer that carries the error.
  func response(to id: JSONValue) -> JSONValue {
    var error: [String: JSONValue] = ["code": .integer(code), "message": .string(message)]
    if let data { error["data"] = data }
    return ["jsonrpc": "2.0", "id": id, "error": .object(error)]
  }
}

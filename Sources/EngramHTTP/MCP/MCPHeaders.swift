internal import EngramServer
internal import Episodes
internal import Foundation
internal import HTTPTypes

/// The headers in which the model context protocol repeats what a message says, for those on its way.
enum MCPHeaders {
  static let session = HTTPField.Name("Mcp-Session-Id")!
  static let version = HTTPField.Name("Mcp-Protocol-Version")!
  private static let method = HTTPField.Name("Mcp-Method")!
  private static let name = HTTPField.Name("Mcp-Name")!

  /// Which parameter a method's `Mcp-Name` repeats.
  private static let named = ["tools/call": "name", "prompts/get": "name", "resources/read": "uri"]

  /// - Parameter message: a request of the newer era.
  /// - Returns: which header does not say what the message says; nil where all do.
  static func mismatch(_ headers: HTTPFields, _ message: [String: JSONValue]) -> String? {
    for field in [version, method, name] where headers[values: field].count > 1 {
      return "\(field.canonicalName): is there twice"
    }
    let params = message["params"]?.object ?? [:]
    let told = params["_meta"]?.object?["io.modelcontextprotocol/protocolVersion"]?.string
    guard let given = headers[version] else { return "\(version.canonicalName): is missing" }
    if let told, told != given {
      return
        "\(version.canonicalName): is '\(given.prefix(40))', and '\(told.prefix(40))' in the message"
    }
    guard let called = message["method"]?.string else { return nil }
    guard headers[method] == called else {
      return "\(method.canonicalName): is not the method of the message"
    }
    if let parameter = named[called], let value = params[parameter]?.string {
      guard headers[name].flatMap(decoded) == value else {
        return "\(name.canonicalName): is not the \(parameter) of the message"
      }
    }
    return nil
  }

  /// A value as it is, or in Base64 where a header could not hold it: `=?base64?…?=`.
  private static func decoded(_ value: String) -> String? {
    let (start, end) = ("=?base64?", "?=")
    guard value.hasPrefix(start), value.hasSuffix(end), value.count >= start.count + end.count
    else { return value }
    let text = String(value.dropFirst(start.count).dropLast(end.count))
    guard let data = Data(base64Encoded: text), data.base64EncodedString() == text else {
      return nil
    }
    return String(validating: data, as: UTF8.self)
  }
}

extension JSONValue {
  var object: [String: JSONValue]? { if case .object(let fields) = self { fields } else { nil } }
  var string: String? { if case .string(let text) = self { text } else { nil } }
}

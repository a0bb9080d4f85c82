internal import EngramServer
internal import Episodes
internal import HTTPTypes

/// A tool at a path: what it takes comes from the path, from the query, or from a body of JSON.
///
/// The same description checks what comes in and is told in the OpenAPI document.
struct Operation: Sendable {
  let method: HTTPRequest.Method
  let path: String
  /// Under which heading it stands.
  let tag: String
  let tool: Tool
  /// Of an answer that is no error.
  let status: HTTPResponse.Status

  init(
    _ method: HTTPRequest.Method, _ path: String, _ tag: String, _ tool: Tool,
    status: HTTPResponse.Status = .ok
  ) {
    self.method = method
    self.path = path
    self.tag = tag
    self.tool = tool
    self.status = status
  }

  var hasBody: Bool { method == .post || method == .patch || method == .put }

  /// What does not stand in the path: in the body, or in the query.
  var fields: [JSONShape.Field] {
    let names = PathTemplate(path).names
    return tool.input.all.filter { !names.contains($0.name) }
  }

  /// The arguments of a request.
  ///
  /// - Parameters:
  ///   - values: from the path.
  ///   - query: its names and values.
  ///   - body: a JSON object; nil where none was sent.
  /// - Throws: ``Problem``.
  func arguments(
    values: [String: String], query: [(name: String, value: String)], body: JSONValue?
  ) throws(Problem) -> [String: JSONValue] {
    var arguments: [String: JSONValue]
    if hasBody {
      guard query.isEmpty else {
        throw .badRequest("\(query[0].name): is in the query; expected it in the body")
      }
      switch body {
      case nil: arguments = [:]
      case .object(let fields): arguments = fields
      case .some(let other):
        throw .badRequest("the body is \(other.kindDescription); expected an object")
      }
    } else {
      arguments = try QueryArguments(fields).arguments(query)
    }
    for (name, value) in values {
      if let given = arguments[name], given != .string(value) {
        throw .badRequest("\(name): is another than in the path; expected it in the path alone")
      }
      arguments[name] = .string(value)
    }
    return arguments
  }
}

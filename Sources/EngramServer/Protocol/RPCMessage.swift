internal import Episodes

/// A JSON-RPC 2.0 message, taken apart.
enum RPCMessage: Hashable, Sendable {
  case request(id: JSONValue, method: String, params: [String: JSONValue])
  case notification(method: String, params: [String: JSONValue])
  /// An answer to a request. This server makes none.
  case response

  /// A value that is no message.
  struct Malformed: Error {
    /// What to answer to: null where it cannot be told; nil where nobody waits for an answer.
    var id: JSONValue?
    var error: RPCError
  }

  init(_ value: JSONValue) throws(Malformed) {
    guard let fields = value.fields else {
      throw Malformed(
        id: .null, error: .invalidRequest("a message is an object, not \(value.kindDescription)"))
    }
    let id = fields["id"]
    let hasID =
      switch id {
      case .string, .integer: true
      default: false
      }
    let isNotification = id == nil && fields["method"]?.text != nil
    // `nil` would be taken for JSON's null.
    let answerTo: JSONValue? = isNotification ? .none : .some(hasID ? id ?? .null : .null)
    func malformed(_ problem: String) -> Malformed {
      Malformed(id: answerTo, error: .invalidRequest(problem))
    }
    guard fields["jsonrpc"] == .string("2.0") else {
      throw malformed("jsonrpc: must be \"2.0\"")
    }
    if fields["method"] == nil, fields["result"] != nil || fields["error"] != nil {
      self = .response
      return
    }
    guard let method = fields["method"]?.text else {
      throw malformed("method: must be the name of a method")
    }
    var params: [String: JSONValue] = [:]
    switch fields["params"] {
    case nil: break
    case .object(let given): params = given
    case .some(let other):
      throw malformed("params: is \(other.kindDescription); expected an object")
    }
    guard let id else {
      self = .notification(method: method, params: params)
      return
    }
    guard hasID else { throw malformed("id: must be a string or a whole number") }
    self = .request(id: id, method: method, params: params)
  }

  static func result(_ result: JSONValue, to id: JSONValue) -> JSONValue {
    ["jsonrpc": "2.0", "id": id, "result": result]
  }

  static func notification(_ method: String, _ params: [String: JSONValue]) -> JSONValue {
    ["jsonrpc": "2.0", "method": .string(method), "params": .object(params)]
  }
}

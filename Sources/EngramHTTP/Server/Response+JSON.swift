internal import Episodes
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

extension Response {
  /// An answer with a JSON value.
  init(_ status: HTTPResponse.Status = .ok, json: JSONValue, headers: HTTPFields = [:]) {
    self.init(status, text: JSONWriter.text(of: json), type: "application/json", headers: headers)
  }

  /// An answer with a text in UTF-8.
  init(
    _ status: HTTPResponse.Status = .ok, text: String, type: String, headers: HTTPFields = [:]
  ) {
    var headers = headers
    headers[.contentType] = type
    self.init(
      status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}

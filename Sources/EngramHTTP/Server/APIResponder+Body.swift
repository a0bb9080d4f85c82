internal import Episodes
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

extension APIResponder {
  /// The body of a request as JSON; nil where it is empty.
  ///
  /// - Parameter share: of the room for bodies, which the request has for as long as it is at work.
  /// - Throws: ``Problem``, `JSONSyntaxError`.
  func json(of request: Request, _ share: BodyRoom.Share) async throws -> JSONValue? {
    let bytes = try await body(of: request, share)
    if bytes.readableBytes == 0 { return nil }
    try check(request, type: ["application/json"])
    return try Self.json(of: bytes)
  }

  static func json(of bytes: ByteBuffer) throws -> JSONValue {
    try bytes.withUnsafeReadableBytes { bytes in
      guard String(validating: bytes, as: UTF8.self) != nil else {
        throw Problem.badRequest("the body is not valid UTF-8")
      }
      return try JSONReader.value(of: bytes)
    }
  }

  func body(of request: Request, _ share: BodyRoom.Share) async throws -> ByteBuffer {
    let bytesMax = settings.limits.bodyBytesMax
    if let length = request.headers[.contentLength].flatMap(Int.init), length > bytesMax {
      throw Problem.tooLong
    }
    var body = ByteBuffer()
    var chunks = BodyChunks(request)
    while var chunk = try await chunks.next() {
      guard body.readableBytes + chunk.readableBytes <= bytesMax else { throw Problem.tooLong }
      try share.grow(by: chunk.readableBytes)
      body.writeBuffer(&chunk)
    }
    return body
  }

  /// A page of another site can send what is not JSON without being asked whether it may.
  func check(_ request: Request, type types: [String]) throws(Problem) {
    let given = (request.headers[.contentType] ?? "").prefix { $0 != ";" }
      .lowercased().filter { !$0.isWhitespace }
    guard types.contains(given) else {
      throw Problem(
        status: .unsupportedMediaType, code: "unsupportedMediaType",
        message: "Content-Type: is '\(PrintableText.line(String(given.prefix(60))))'; expected "
          + types.joined(separator: " or "))
    }
  }
}

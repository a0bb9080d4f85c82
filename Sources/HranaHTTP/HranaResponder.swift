internal import Dispatch
internal import HTTPTypes
internal import Hrana
public import HranaSessions
public import Hummingbird
internal import Logging
public import NIOCore

/// Answers the requests of libSQL clients.
///
/// A POST must bring a token that `access` knows; whoever brings none that it knows gets 401.
public struct HranaResponder: Sendable {
  private let service: HranaService
  private let bodyBytesMax: Int
  private let cursorSeconds: Double
  private let access: @Sendable (_ authorization: String?) -> HranaAccess?

  /// - Parameters:
  ///   - bodyBytesMax: the longest body of a request.
  ///   - cursorSeconds: how long a client may take for the rows of one cursor.
  ///   - access: what a client may do, by the value of its `Authorization` header.
  public init(
    service: HranaService, bodyBytesMax: Int = 32 << 20, cursorSeconds: Double = 3600,
    access: @escaping @Sendable (_ authorization: String?) -> HranaAccess?
  ) {
    self.service = service
    self.bodyBytesMax = bodyBytesMax
    self.cursorSeconds = cursorSeconds
    self.access = access
  }

  /// - Parameter readBody: reads the body of a request that may be answered; nil to read as many bytes as one may
  ///   have.
  public func respond(
    to request: Request, _ endpoint: HranaEndpoint,
    readBody: (() async throws(HranaBodyRefusal) -> ByteBuffer)? = nil
  ) async -> Response {
    if endpoint == .version {
      return Self.response(.ok, "SQL over HTTP (Hrana 2 and 3)\n", type: "text/plain")
    }
    guard let access = access(request.headers[.authorization]) else {
      return Self.response(
        .unauthorized,
        HranaError(
          "UNAUTHORIZED", "Authorization: expected 'Bearer' and a token of this server"),
        headers: [.wwwAuthenticate: "Bearer"])
    }
    do throws(HranaRefusal) {
      let body: ByteBuffer
      do throws(HranaBodyRefusal) {
        if let readBody {
          body = try await readBody()
        } else {
          body = try await collectedBody(of: request)
        }
      } catch {
        return Self.response(
          error.status, HranaError(error.code, error.message), headers: error.headers)
      }
      switch endpoint {
      case .cursor: return try await cursor(body, access)
      case .pipeline, .version: return try await pipeline(body, access)
      }
    } catch {
      return Self.response(error)
    }
  }

  /// Ends the streams that wait for their next request, and undoes what they have not committed; takes no new ones.
  public func close() { service.close() }

  private func collectedBody(
    of request: Request
  ) async throws(HranaBodyRefusal) -> ByteBuffer {
    do {
      return try await request.body.collect(upTo: bodyBytesMax)
    } catch {
      throw HranaBodyRefusal(
        status: .contentTooLarge, code: "REQUEST_TOO_LARGE",
        message: "the body is longer than \(bodyBytesMax) bytes")
    }
  }

  private func pipeline(
    _ body: ByteBuffer, _ access: HranaAccess
  ) async throws(HranaRefusal) -> Response {
    let request: HranaPipelineRequest
    do throws(HranaFormatError) {
      request = try await Self.message(of: body)
    } catch {
      return Self.response(error)
    }
    let answer = try await service.pipeline(request, access: access)
    let isShort = answer.approximateByteCount < Self.shortBytesMax
    let text =
      isShort
      ? ByteBuffer(bytes: answer.utf8)
      : await Self.onOwnThread { ByteBuffer(bytes: answer.utf8) }
    return Response(
      status: .ok, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: text))
  }

  private func cursor(
    _ body: ByteBuffer, _ access: HranaAccess
  ) async throws(HranaRefusal) -> Response {
    let request: HranaCursorRequest
    do throws(HranaFormatError) {
      request = try await Self.message(of: body)
    } catch {
      return Self.response(error)
    }
    let cursor = try await service.cursor(request, access: access)
    let seconds = cursorSeconds
    let head = HranaCursorResponse(baton: cursor.baton).text + "\n"
    return Response(
      status: .ok, headers: [.contentType: "application/x-ndjson"],
      body: ResponseBody { writer in
        let deadline = ContinuousClock.now + .seconds(seconds)
        do {
          try await writer.write(ByteBuffer(string: head))
          while let lines = try await cursor.next() {
            guard ContinuousClock.now < deadline else { throw CancellationError() }
            if !lines.isEmpty { try await writer.write(ByteBuffer(bytes: lines)) }
          }
        } catch {
          // The connection is closed without the last chunk, so that the client knows.
          cursor.abandon()
          throw error
        }
        try await writer.finish(nil)
      })
  }

  /// From as many bytes on a message is read on a thread of its own: it holds up no other task.
  private static let shortBytesMax = 256 << 10

  private static func message<Message: HranaMessage>(
    of body: ByteBuffer
  ) async throws(HranaFormatError) -> Message {
    let read: @Sendable () -> Result<Message, HranaFormatError> = {
      body.withUnsafeReadableBytes { bytes in
        Result { () throws(HranaFormatError) in try Message(bytes: bytes) }
      }
    }
    if body.readableBytes < shortBytesMax { return try read().get() }
    return try await onOwnThread(read).get()
  }

  private static func onOwnThread<Value: Sendable>(
    _ body: @escaping @Sendable () -> Value
  ) async -> Value {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: body()) }
    }
  }

  // MARK: - Answers

  private static func response(_ error: HranaFormatError) -> Response {
    response(.badRequest, HranaError("PROTOCOL_ERROR", error.description))
  }

  private static func response(_ refusal: HranaRefusal) -> Response {
    switch refusal.kind {
    case .badRequest: response(.badRequest, refusal.error)
    case .busy: response(.serviceUnavailable, refusal.error, headers: [.retryAfter: "1"])
    case .failed: response(.internalServerError, refusal.error)
    }
  }

  private static func response(
    _ status: HTTPResponse.Status, _ error: HranaError, headers: HTTPFields = [:]
  ) -> Response {
    response(status, error.text, type: "application/json", headers: headers)
  }

  private static func response(
    _ status: HTTPResponse.Status, _ text: String, type: String, headers: HTTPFields = [:]
  ) -> Response {
    var headers = headers
    headers[.contentType] = type
    return Response(
      status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}

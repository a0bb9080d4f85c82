internal import AsyncHTTPClient
internal import Dispatch
internal import DurableStore
internal import Foundation
internal import Hrana
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// Requests to a server over HTTP, on connections that are kept for the next ones.
final class RemoteTransport: Sendable {
  let configuration: RemoteStoreConfiguration
  private let client: HTTPClient
  private let token: CurrentToken
  private let connectionsMax: Int
  private let atWorkCount = Atomic<Int>(0)
  private let sentCount = Atomic<Int>(0)

  init(_ configuration: RemoteStoreConfiguration, pool: PoolConfiguration) {
    self.configuration = configuration
    token = CurrentToken(configuration.token)
    connectionsMax = pool.connectionsMax
    var settings = HTTPClient.Configuration(
      // A token must not follow a redirection to another server.
      redirectConfiguration: .disallow,
      // The client's own limit of a request ends with the head of the answer.
      timeout: .init(
        connect: .milliseconds(Int64(min(pool.connectSecondsMax, 1e6) * 1000)),
        read: .milliseconds(Int64(configuration.requestSeconds * 1000))))
    settings.httpVersion = .http1Only
    settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = pool.connectionsMax
    // Less than servers wait, so that no request is sent on a connection that is being closed.
    settings.connectionPool.idleTimeout = .seconds(15)
    settings.connectionPool.retryConnectionEstablishment = false
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
  }

  deinit { client.shutdown(queue: .global()) { _ in } }

  /// Requests so far.
  var requestCount: Int { sentCount.load(ordering: .relaxed) }

  /// Blocks until the connections are closed.
  func close() { try? client.syncShutdown() }

  /// The longest answer that is taken as a whole, in bytes; what is longer is read row by row.
  private static let wholeBytesMax = 64 << 20

  /// The answer to a message.
  ///
  /// - Parameter isWrite: whether an unknown outcome matters.
  func send<Answer: HranaMessage>(
    _ message: some HranaMessage, to endpoint: String, at url: DatabaseURL, isWrite: Bool
  ) async throws(SQLError) -> Answer {
    atWorkCount.add(1, ordering: .relaxed)
    defer { atWorkCount.subtract(1, ordering: .relaxed) }
    let response = try await post(message.utf8, to: endpoint, at: url, isWrite: isWrite)
    let body: ByteBuffer
    do {
      body = try await collect(
        response.body, upTo: min(configuration.answerBytesMax, Self.wholeBytesMax))
    } catch {
      throw broken(error, isWrite: isWrite)
    }
    do throws(HranaFormatError) {
      let answer = body.withUnsafeReadableBytes { bytes in
        Result { () throws(HranaFormatError) in try Answer(bytes: bytes) }
      }
      return try answer.get()
    } catch {
      throw .unreachable(
        "the server's answer cannot be read: \(error)", mayHaveBeenApplied: isWrite)
    }
  }

  /// The whole of a body, unless it comes too slowly.
  private func collect(
    _ body: HTTPClientResponse.Body, upTo bytesMax: Int
  ) async throws -> ByteBuffer {
    let deadline = ContinuousClock.now + .seconds(configuration.requestSeconds)
    var collected = ByteBuffer()
    for try await var chunk in body {
      guard ContinuousClock.now < deadline else { throw HTTPClientError.deadlineExceeded }
      guard collected.readableBytes + chunk.readableBytes <= bytesMax else {
        throw NIOTooManyBytesError(maxBytes: bytesMax)
      }
      collected.writeBuffer(&chunk)
    }
    return collected
  }

  /// How many bytes are read and thrown away for the connection to be of use again.
  private static let unwantedBytesMax = 1 << 20

  /// The answer to a message, line by line.
  ///
  /// - Parameter each: takes a line; returns whether more are wanted. If not, the rest is read if it is short; else
  ///   the connection is closed.
  /// - Returns: whether the answer was read to its end.
  @discardableResult
  func lines(
    _ message: some HranaMessage, to endpoint: String, at url: DatabaseURL,
    each: (UnsafeRawBufferPointer) throws(SQLError) -> Bool
  ) async throws(SQLError) -> Bool {
    atWorkCount.add(1, ordering: .relaxed)
    defer { atWorkCount.subtract(1, ordering: .relaxed) }
    let response = try await post(message.utf8, to: endpoint, at: url, isWrite: false)
    let deadline = ContinuousClock.now + .seconds(configuration.cursorSeconds)
    var pending = ByteBuffer()
    var searched = 0
    var room = configuration.answerBytesMax
    var unwantedRoom = Self.unwantedBytesMax
    var isWanted = true
    var chunks = response.body.makeAsyncIterator()
    while true {
      let chunk: ByteBuffer?
      do {
        chunk = try await chunks.next()
      } catch {
        throw broken(error, isWrite: false)
      }
      guard var chunk else { break }
      guard ContinuousClock.now < deadline else {
        throw broken(HTTPClientError.deadlineExceeded, isWrite: false)
      }
      room -= chunk.readableBytes
      guard room >= 0 else {
        throw SQLError(kind: .other, message: "the server's answer is longer than is taken")
      }
      guard isWanted else {
        unwantedRoom -= chunk.readableBytes
        if unwantedRoom < 0 { return false }
        continue
      }
      if pending.readableBytes == 0 {
        pending = chunk
      } else {
        pending.writeBuffer(&chunk)
      }
      let read = pending.withUnsafeReadableBytes { bytes in
        Result { () throws(SQLError) in try Self.readLines(of: bytes, searched: searched, each) }
      }
      let (byteCount, wantsMore) = try read.get()
      isWanted = wantsMore
      pending.moveReaderIndex(forwardBy: byteCount)
      // A long line comes in many chunks: what was searched is not searched again.
      searched = pending.readableBytes
      pending.discardReadBytes()
    }
    guard isWanted, pending.readableBytes > 0 else { return true }
    _ = try pending.withUnsafeReadableBytes { bytes in
      Result { () throws(SQLError) in try each(bytes) }
    }.get()
    return true
  }

  /// Hands over the lines that are whole.
  ///
  /// - Returns: how many bytes they are, and whether more are wanted.
  private static func readLines(
    of bytes: UnsafeRawBufferPointer, searched: Int,
    _ each: (UnsafeRawBufferPointer) throws(SQLError) -> Bool
  ) throws(SQLError) -> (byteCount: Int, wantsMore: Bool) {
    guard let base = bytes.baseAddress else { return (0, true) }
    var (start, from) = (0, searched)
    // SAFETY: all that is looked at is below the count.
    while let found = memchr(base + from, Int32(UInt8(ascii: "\n")), bytes.count - from) {
      let end = UnsafeRawPointer(found) - base
      if end > start, try !each(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) {
        return (bytes.count, false)
      }
      start = end + 1
      from = start
    }
    return (start, true)
  }

  private func post(
    _ body: [UInt8], to endpoint: String, at url: DatabaseURL, isWrite: Bool
  ) async throws(SQLError) -> HTTPClientResponse {
    var request = HTTPClientRequest(url: url.text + endpoint)
    request.method = .POST
    request.headers.add(name: "Content-Type", value: "application/json")
    do throws(RemoteStoreError) {
      if let token = try token.token() {
        request.headers.add(name: "Authorization", value: "Bearer \(token.text)")
      }
    } catch {
      throw SQLError(kind: .cannotOpen, message: error.problem)
    }
    sentCount.add(1, ordering: .relaxed)
    request.body = .bytes(ByteBuffer(bytes: body))
    let response: HTTPClientResponse
    do {
      response = try await client.execute(
        request, timeout: .milliseconds(Int64(configuration.requestSeconds * 1000)))
    } catch {
      throw broken(error, isWrite: isWrite)
    }
    guard response.status != .ok else { return response }
    let text = try? await collect(response.body, upTo: 64 << 10)
    throw Self.refused(
      Int(response.status.code), text.map { String(buffer: $0) } ?? "", isWrite: isWrite)
  }

  // MARK: - Errors

  /// Those of a server that is busy. A gateway has codes of its own, also for a request that it has handed on.
  private static let busyCodes: Set<String> = ["STREAMS_EXHAUSTED", "SERVER_CLOSED", "SERVER_BUSY"]

  /// What a status other than 200 says.
  static func refused(_ status: Int, _ body: String, isWrite: Bool) -> SQLError {
    let told = try? HranaError(text: body)
    let words = told.map { "\(status): \($0.message)" } ?? "\(status)"
    switch status {
    case 401, 403:
      return SQLError(
        kind: .other, message: "the server does not accept the token (HTTP \(words))")
    // Before anything was run.
    case 400, 404, 413, 429, 503:
      if let told, let code = told.code, status != 503 || busyCodes.contains(code) {
        var error = SQLError(told)
        if status == 503 || status == 429 { error.kind = .busy }
        return error
      }
      if status == 429 { return SQLError(kind: .busy, message: "the server is busy (HTTP 429)") }
      // One on the way may say so after it has handed the request on.
      if status == 503 {
        return .unreachable("the server is not there (HTTP 503)", mayHaveBeenApplied: isWrite)
      }
      return SQLError(kind: .other, message: "the server refuses the request (HTTP \(words))")
    default:
      return .unreachable("the server failed (HTTP \(words))", mayHaveBeenApplied: isWrite)
    }
  }

  /// What ends a request before it is sent.
  private static let beforeSending: [HTTPClientError] = [
    .connectTimeout, .getConnectionFromPoolTimeout, .tlsHandshakeTimeout,
  ]

  /// What a request without an answer says.
  private func broken(_ error: any Error, isWrite: Bool) -> SQLError {
    let place = configuration.url.host
    if Task.isCancelled, !isWrite {
      return SQLError(kind: .cancelled, message: "the task was cancelled")
    }
    switch error {
    case let error as HTTPClientError where error == .alreadyShutdown:
      return SQLError(kind: .closed, message: "the store is closed")
    // All connections are this program's own requests'; the server may be well.
    case let error as HTTPClientError
    where error == .getConnectionFromPoolTimeout
      && atWorkCount.load(ordering: .relaxed) > connectionsMax:
      return SQLError(kind: .poolExhausted, message: "no connection to \(place) was free in time")
    case let error as HTTPClientError where Self.beforeSending.contains(error):
      return .unreachable("\(place) cannot be reached in time")
    case is NIOConnectionError: return .unreachable("\(place) cannot be reached: \(error)")
    case is NIOTooManyBytesError:
      return .answerTooLarge(mayHaveBeenApplied: isWrite)
    default:
      return .unreachable(
        "the connection to \(place) broke: \(error)", mayHaveBeenApplied: isWrite)
    }
  }
}

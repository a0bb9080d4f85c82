internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The body of a request, chunk after chunk. One that is cut off, or is none by the rules of HTTP, is its client's
/// fault and not the server's.
struct BodyChunks {
  private var iterator: RequestBody.AsyncIterator
  /// Bytes that are still to come, where the head says how many there are.
  private var missingCount: Int?

  init(_ request: Request) {
    iterator = request.body.makeAsyncIterator()
    missingCount = request.headers[.contentLength].flatMap(Int.init)
  }

  /// The next chunk; nil after the last.
  ///
  /// - Throws: ``Problem`` with status 400; `CancellationError`.
  mutating func next() async throws -> ByteBuffer? {
    let chunk: ByteBuffer?
    do {
      chunk = try await iterator.next()
    } catch let error as CancellationError {
      throw error
    } catch {
      throw Problem.badBody
    }
    // The task of a request that took too long sees the end of the stream.
    try Task.checkCancellation()
    guard let chunk else {
      if let missingCount, missingCount > 0 { throw Problem.badBody }
      return nil
    }
    missingCount = missingCount.map { $0 - chunk.readableBytes }
    return chunk
  }
}

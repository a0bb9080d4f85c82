internal import Hummingbird
internal import NIOCore

/// The body of an answer that is written piece after piece.
///
/// SAFETY: `@unchecked`, since the writer is not Sendable; one task writes, or tasks that take turns.
final class WriterBox: @unchecked Sendable {
  private var writer: any ResponseBodyWriter

  init(_ writer: any ResponseBodyWriter) { self.writer = writer }

  func write(_ text: String) async throws { try await writer.write(ByteBuffer(string: text)) }

  func finish() async throws { try await writer.finish(nil) }
}

internal import Engram
internal import EngramServer
internal import Episodes
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Interchange
internal import Logging
internal import NIOCore

extension APIResponder {
  /// Stores records as they come, line after line. Memory is bounded by a batch, however long the body is.
  func importRecords(
    _ request: Request, _ query: [(name: String, value: String)], _ share: BodyRoom.Share
  ) async throws -> Response {
    try check(request, type: ["application/x-ndjson", "application/jsonl", "application/ndjson"])
    let options = try flags(["readmit", "keepCopies"], query)
    let bytesMax = settings.limits.bodyBytesMax
    return try await withTimeLimit(seconds: settings.limits.transferSeconds) { [gate] in
      let memory = try await gate.memory()
      try await gate.waitForModel()
      var lines = ImportedLines(
        memory: memory, lineBytesMax: bytesMax, isReadmitting: options.contains("readmit"),
        keepsCopies: options.contains("keepCopies"))
      do {
        var chunks = BodyChunks(request)
        while let chunk = try await chunks.next() {
          try share.hold(lines.heldByteCount + chunk.readableBytes)
          try await lines.add(chunk)
        }
        try await lines.finish()
      } catch let problem as Problem {
        // The same holds where the body broke off, or found no room.
        try await lines.flush()
        throw problem.after(lines.summary.addedCount)
      } catch let error as EpisodeLineError {
        // What stands before the line is stored, as its client is told.
        do {
          try await lines.flush()
        } catch let failure {
          logger.error("the lines before line \(error.line) could not be stored: \(failure)")
          throw failure
        }
        throw Problem.badRequest(
          "\(error.description) (\(lines.summary.addedCount) records were stored before it)")
      }
      return Response(json: try lines.answer())
    }
  }
}

internal import Engram
internal import EngramServer
internal import Episodes
internal import HTTPTypes
internal import Hummingbird
internal import Interchange
internal import Logging
internal import NIOCore

extension APIResponder {
  /// Every record as it was at one moment, a line each. The memory is asked while the client reads.
  func exportRecords(_ query: [(name: String, value: String)]) throws(Problem) -> Response {
    let options = try flags(["embeddings"], query)
    guard let place = exports.take() else {
      throw .busy("\(exports.count) exports are at work already")
    }
    let seconds = settings.limits.transferSeconds
    return Response(
      status: .ok, headers: [.contentType: "application/x-ndjson"],
      body: ResponseBody { [gate, logger, place] writer in
        defer { withExtendedLifetime(place) {} }
        let box = WriterBox(writer)
        do {
          try await withTimeLimit(seconds: seconds) {
            let memory = try await gate.memory()
            try await memory.exportRecords(embeddings: options.contains("embeddings")) { record in
              for line in try RecordLine.lines(record) { try await box.write(line + "\n") }
            }
          }
        } catch {
          // The connection is closed without the last chunk, so that the client knows.
          logger.warning("an export was broken off: \(error)")
          throw error
        }
        try await box.finish()
      })
  }

  /// - Returns: the flags that are set.
  func flags(
    _ names: [String], _ query: [(name: String, value: String)]
  ) throws(Problem) -> Set<String> {
    let shape = JSONShape.Fields("this query", names.map { .optional($0, .flag) })
    let values = try QueryArguments(shape.all).arguments(query)
    do throws(JSONShape.Mismatch) {
      try JSONShape.object(shape).check(.object(values))
    } catch {
      throw .badRequest("\(error.path): \(error.problem); \(error.advice)")
    }
    return Set(values.filter { $0.value == .bool(true) }.keys)
  }
}

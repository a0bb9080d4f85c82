import Engram
import Testing

/// The error that `body` throws, which must be one line.
func engramError(
  _ body: () async throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
) async -> EngramError? {
  do {
    try await body()
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    return nil
  } catch {
    let error = error as? EngramError
    #expect(error != nil, sourceLocation: sourceLocation)
    #expect(error?.message.contains("\n") == false, sourceLocation: sourceLocation)
    return error
  }
}

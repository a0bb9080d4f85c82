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

/// Expects that `body` throws an error with a code. A function and not `#expect`, in whose expansion
/// the compiler can take one asynchronous closure for another.
func expectError(
  _ code: EngramError.Code, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () async throws -> Void
) async {
  let error = await engramError(body, sourceLocation: sourceLocation)
  #expect(error?.code == code, sourceLocation: sourceLocation)
}

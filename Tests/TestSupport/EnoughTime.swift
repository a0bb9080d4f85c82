/// What a test of a time limit throws where the machine stood still for longer than the limit.
public struct TooLittleTime: Error {
  public init() {}
}

/// Runs a test of a time limit, and again with four times the time where that was too little.
///
/// On a machine with much to do everything may stand still for seconds, which a limit of a second takes for the
/// fault that the test is about. A limit that is wide enough for that machine would make the test slow on all others.
///
/// - Parameters:
///   - seconds: the limit of the first run; that of the last of four is 64 times it.
///   - body: gets the limit.
/// - Throws: what the body throws, ``TooLittleTime`` only from the last run.
public func withEnoughTime(
  from seconds: Double, isolation: isolated (any Actor)? = #isolation,
  _ body: (_ seconds: Double) async throws -> Void
) async throws {
  var seconds = seconds
  for _ in 0..<3 {
    do {
      return try await body(seconds)
    } catch is TooLittleTime {
      print("\(seconds) s were too little, trying again")
      seconds *= 4
    }
  }
  try await body(seconds)
}

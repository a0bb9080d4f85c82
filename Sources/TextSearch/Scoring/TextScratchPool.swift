internal import Synchronization

/// Scratches for any number of threads that search.
public final class TextScratchPool: Sendable {
  private struct Idle: @unchecked Sendable {
    // SAFETY: an object in the list is used by no thread; the mutex hands it to one.
    var scratches: [TextScratch] = []
  }

  private let idle = Mutex(Idle())

  public init() {}

  /// Runs `body` with a scratch that no other thread uses meanwhile.
  public func withScratch<Result, Failure: Error>(
    _ body: (TextScratch) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    nonisolated(unsafe) let scratch = idle.withLock { $0.scratches.popLast() } ?? TextScratch()
    defer { idle.withLock { $0.scratches.append(scratch) } }
    return try body(scratch)
  }
}

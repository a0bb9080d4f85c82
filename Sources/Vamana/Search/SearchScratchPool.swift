internal import Synchronization

/// Scratch memory for searches from any number of threads.
public final class SearchScratchPool: Sendable {
  private struct Idle: @unchecked Sendable {
    // SAFETY: an object in the list is used by no thread; the mutex hands it to one.
    var scratches: [SearchScratch] = []
  }

  private let idle = Mutex(Idle())

  public init() {}

  /// Runs `body` with a scratch that no other thread uses meanwhile.
  public func withScratch<Result, Failure: Error>(
    _ body: (SearchScratch) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    nonisolated(unsafe) let scratch = idle.withLock { $0.scratches.popLast() } ?? SearchScratch()
    defer { idle.withLock { $0.scratches.append(scratch) } }
    return try body(scratch)
  }
}

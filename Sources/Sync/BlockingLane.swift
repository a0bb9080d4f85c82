internal import Dispatch

/// A thread for what may wait: for a lock that another process holds, for the disk.
///
/// Tasks share as many threads as there are processors. Where two are held up on a machine with two
/// processors, no task of the program goes on, not even the one that they wait for.
///
/// Thread-safe. What is run in one lane takes turns.
public final class BlockingLane: Sendable {
  private let queue: DispatchQueue

  /// - Parameter label: a name for debuggers.
  public init(_ label: String) {
    queue = DispatchQueue(label: label, qos: .userInitiated)
  }

  /// Runs `body` on the lane's thread, and suspends the caller until it has ended.
  public func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try body() }) }
    }
  }
}

internal import Foundation

/// Runs what may block, such as waiting for another process, on a thread of its own.
///
/// Tasks share as many threads as there are cores, and so do the blocks of Dispatch's global queues: a
/// few calls that wait there would stop every task of the program.
enum BlockingThread {
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  static func run<Value: Sendable, Failure: Error>(
    _ body: @escaping @Sendable () throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        do throws(Failure) {
          continuation.resume(returning: .success(try body()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try result.get()
  }
}

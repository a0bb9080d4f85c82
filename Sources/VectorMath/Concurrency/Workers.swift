internal import Dispatch
internal import Synchronization

/// Splits work over threads, for builds and batches.
///
/// Which thread runs which piece is not fixed; a caller that must be deterministic lets each piece
/// write to places of its own.
public struct Workers: Sendable {
  /// How many threads work at once; at least 1.
  public let threadCount: Int

  public init(threadCount: Int) {
    self.threadCount = max(1, threadCount)
  }

  /// Runs `body` for every piece in `0..<pieceCount`; threads take the next piece as they finish.
  ///
  /// - Parameter body: called with the number of the piece and of the worker
  ///   (`0..<threadCount`), by which a worker finds its scratch memory.
  public func run(pieces pieceCount: Int, _ body: @Sendable (_ piece: Int, _ worker: Int) -> Void) {
    let threads = min(threadCount, pieceCount)
    guard threads > 1 else {
      for piece in 0..<pieceCount { body(piece, 0) }
      return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: threads) { worker in
      while true {
        let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard piece < pieceCount else { return }
        body(piece, worker)
      }
    }
  }
}

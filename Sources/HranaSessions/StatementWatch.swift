internal import Synchronization

/// Says when what a connection runs must end: its time is over, or nobody waits for it any more.
final class StatementWatch: Sendable {
  private static let start = ContinuousClock.now

  private let deadline = Atomic<Int64>(.max)
  private let latest = Atomic<Int>(0)
  private let current = Atomic<Int>(0)
  private let cancelled = Atomic<Int>(0)

  /// A number for a run to come, by which it can be cancelled before it has begun.
  func takeNumber() -> Int { latest.add(1, ordering: .relaxed).newValue }

  func begin(_ number: Int, seconds: Double) {
    current.store(number, ordering: .relaxed)
    deadline.store(Self.now + Int64(seconds * 1e6), ordering: .relaxed)
  }

  func cancel(_ number: Int) { cancelled.store(number, ordering: .relaxed) }

  var isOver: Bool {
    cancelled.load(ordering: .relaxed) == current.load(ordering: .relaxed)
      || Self.now >= deadline.load(ordering: .relaxed)
  }

  /// In microseconds.
  private static var now: Int64 {
    let time = (ContinuousClock.now - start).components
    return time.seconds * 1_000_000 + time.attoseconds / 1_000_000_000_000
  }
}

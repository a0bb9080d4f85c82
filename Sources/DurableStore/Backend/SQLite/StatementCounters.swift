internal import Synchronization

/// Counts the statements of all connections of a backend.
final class StatementCounters: Sendable {
  let executed = Atomic<Int>(0)
  let prepared = Atomic<Int>(0)
}

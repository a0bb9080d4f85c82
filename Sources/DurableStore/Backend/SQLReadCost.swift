/// How long a read is expected to take, which decides where a local backend runs it.
package enum SQLReadCost: Sendable {
  /// A few look-ups by key, microseconds: on the caller's thread, because changing threads would take
  /// as long as the read.
  case lookup
  /// Anything else: on a thread of its own, because tasks must not hold up theirs. Ends early when
  /// the task is cancelled.
  case scan
}

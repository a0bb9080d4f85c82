import Synchronization

/// What a ``RecordCache`` counts while it is open.
final class RecordCounters: Sendable {
  let hits = Atomic<Int>(0)
  let misses = Atomic<Int>(0)
  let puts = Atomic<Int>(0)
  let deletes = Atomic<Int>(0)
  let evictions = Atomic<Int>(0)
  let expirations = Atomic<Int>(0)
  let damagedValues = Atomic<Int>(0)
}

extension Atomic where Value == Int {
  /// Adds to a count that orders nothing else.
  func count(_ amount: Int = 1) { add(amount, ordering: .relaxed) }
  var current: Int { load(ordering: .relaxed) }
}

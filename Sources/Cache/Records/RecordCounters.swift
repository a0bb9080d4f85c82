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
  /// What of the counts is in the file.
  private let saved = Mutex(CacheCounts())

  var counts: CacheCounts {
    var counts = CacheCounts()
    counts.hits = hits.current
    counts.misses = misses.current
    counts.puts = puts.current
    counts.deletes = deletes.current
    counts.evictions = evictions.current
    counts.expirations = expirations.current
    counts.damagedValues = damagedValues.current
    return counts
  }

  /// The counts that are not in the file.
  var unsaved: CacheCounts { saved.withLock { counts - $0 } }

  /// Whether there are counts that are not in the file.
  var hasUnsaved: Bool { unsaved != CacheCounts() }

  /// The counts that are not in the file, which count as saved from now on.
  func takeUnsaved() -> CacheCounts {
    saved.withLock { saved in
      let counts = counts
      defer { saved = counts }
      return counts - saved
    }
  }

  /// Undoes ``takeUnsaved()``: the write failed.
  func giveBack(_ counts: CacheCounts) { saved.withLock { $0 = $0 - counts } }

  /// Adds what a write did, which it has put in the file itself.
  func addSaved(_ counts: CacheCounts) {
    saved.withLock { $0 = $0 + counts }
    puts.count(counts.puts)
    deletes.count(counts.deletes)
    evictions.count(counts.evictions)
    expirations.count(counts.expirations)
  }
}

extension Atomic where Value == Int {
  /// Adds to a count that orders nothing else.
  func count(_ amount: Int = 1) { add(amount, ordering: .relaxed) }
  var current: Int { load(ordering: .relaxed) }
}

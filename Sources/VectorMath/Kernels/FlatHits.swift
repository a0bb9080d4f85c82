internal import CVectorKernels

/// The rows that a scan could not rule out.
public final class FlatHits {
  // SAFETY: `base` has room for `capacity` hits, of which the kernels have written `count`.
  let base: UnsafeMutablePointer<engram_flat_hit>
  public let capacity: Int
  public internal(set) var count = 0

  public init(capacity: Int) {
    self.capacity = capacity
    base = .allocate(capacity: max(1, capacity))
  }

  deinit { base.deallocate() }

  public subscript(index: Int) -> FlatHit {
    precondition(index < count, "hit \(index) of \(count)")
    let hit = base[index]
    return FlatHit(
      query: Int(hit.query), row: Int(hit.row), bound: hit.bound, estimate: hit.estimate)
  }
}

/// A row that a scan could not rule out.
public struct FlatHit: Sendable {
  /// Number of the query, and of the row from the first group scanned.
  public var query: Int
  public var row: Int
  public var bound: Float
  public var estimate: Float
}

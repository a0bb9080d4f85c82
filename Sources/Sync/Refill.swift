internal import Cache

/// A cache being filled from the records of the store because the change log does not reach back far
/// enough.
///
/// Until it is done the watermark is a negative number, another one after each page: so no page of
/// one process gets mixed with those of another, and a process that stopped half-way is told from one
/// at work.
struct Refill {
  /// The number that the last page left.
  private var mark: Int64 = 0

  static func isUnderWay(_ watermark: Int64) -> Bool { watermark < 0 }

  /// A batch that is applied only if no other process has touched the cache since the last one.
  mutating func batch() -> CacheBatch {
    var batch = CacheBatch()
    batch.expectedWatermark = mark
    mark = -Int64.random(in: 1...Int64.max)
    batch.watermark = mark
    return batch
  }

  /// The last batch, after which the change log is followed from `watermark` on.
  func end(at watermark: Int64) -> CacheBatch {
    var batch = CacheBatch()
    batch.expectedWatermark = mark
    batch.watermark = watermark
    return batch
  }
}

internal import VectorMath

/// Finds the nearest neighbours of every vector of a leaf inside the leaf.
///
/// One object a worker: it owns the scratch memory.
final class LeafJoin {
  // SAFETY: leaves hold at most `leafCountMax` nodes, for which every buffer has room.
  private let block: BlockDistances
  private let strip: FloatBuffer
  private let places: UnsafeMutablePointer<UInt32>
  private let values: UnsafeMutablePointer<Float>
  private let keys: UnsafeMutablePointer<NeighborKey>
  private let merged: UnsafeMutablePointer<NeighborKey>
  private let keep: Int
  private let kernels = DistanceKernels.best

  /// Rows computed at once: their distances stay in the second-level cache.
  private static let stripRows = 48
  /// Columns looked at to guess how near the nearest `keep` are.
  private static let sampleCount = 256

  /// - Parameters:
  ///   - keep: how many neighbours of each row one leaf offers, at most.
  ///   - reservoirCapacity: of the reservoirs they go to.
  init(source: DistanceSource, keep: Int, capacity reservoirCapacity: Int) {
    self.keep = keep
    let capacity = min(BallCarver.leafCountMax, source.matrix.count)
    block = BlockDistances(source: source, capacity: capacity)
    strip = FloatBuffer(count: Self.stripRows * BlockDistances.padded(capacity))
    places = .allocate(capacity: max(capacity, Self.sampleCount) + 1)
    values = .allocate(capacity: max(capacity, Self.sampleCount) + 1)
    keys = .allocate(capacity: capacity)
    merged = .allocate(capacity: reservoirCapacity)
  }

  deinit {
    places.deallocate()
    values.deallocate()
    keys.deallocate()
    merged.deallocate()
  }

  /// - Complexity: leaf² · dimension multiply-adds.
  func run(_ leaf: [UInt32], into reservoirs: NeighborReservoirs) {
    leaf.withUnsafeBufferPointer { leaf in
      block.load(leaf)
      for start in stride(from: 0, to: leaf.count, by: Self.stripRows) {
        let rows = start..<min(leaf.count, start + Self.stripRows)
        block.distances(rows, into: strip.base)
        for row in rows {
          let node = Int(leaf[row])
          let found = nearest(
            strip.base + (row - start) * block.rowStride, row: row, in: leaf,
            below: reservoirs.threshold(of: node))
          reservoirs.insert(
            UnsafeBufferPointer(start: keys, count: found), for: node, scratch: merged)
        }
      }
    }
  }

  /// Collects the keys of the nearest `keep` below `threshold`, ascending.
  private func nearest(
    _ distances: UnsafePointer<Float>, row: Int, in leaf: UnsafeBufferPointer<UInt32>,
    below threshold: Float
  ) -> Int {
    var limit = threshold
    if leaf.count > 2 * Self.sampleCount {
      limit = min(limit, estimatedLimit(distances, count: leaf.count))
    }
    var found = kernels.select(
      distances, count: leaf.count, below: limit, places: places, values: values)
    if limit < threshold, found <= keep / 2 {
      found = kernels.select(
        distances, count: leaf.count, below: threshold, places: places, values: values)
    }
    var filled = 0
    for index in 0..<found where Int(places[index]) != row {
      keys[filled] = NeighborKey(distance: values[index], node: leaf[Int(places[index])])
      filled += 1
    }
    return SmallSort.sort(keys, count: filled, keeping: keep)
  }

  /// A distance that somewhat more than `keep` of the columns are likely to be below.
  private func estimatedLimit(_ distances: UnsafePointer<Float>, count: Int) -> Float {
    let step = count / Self.sampleCount
    let rank = min(Self.sampleCount - 1, keep * Self.sampleCount * 5 / (4 * count) + 2)
    var filled = 0
    for index in 0..<Self.sampleCount {
      let value = distances[index * step]
      guard filled <= rank || value < values[rank] else { continue }
      var slot = min(filled, rank)
      while slot > 0, values[slot - 1] > value {
        values[slot] = values[slot - 1]
        slot -= 1
      }
      values[slot] = value
      if filled <= rank { filled += 1 }
    }
    return values[rank]
  }
}

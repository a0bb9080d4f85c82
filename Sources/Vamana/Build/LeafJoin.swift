internal import VectorMath

/// Finds the nearest neighbours of every vector of a leaf inside the leaf.
///
/// Every pair is compared once and offered to both. What is too far is dropped where it was computed: by
/// a limit from a sample of the leaf, and by what the reservoirs hold already.
///
/// One object a worker: it owns the scratch memory.
final class LeafJoin {
  // SAFETY: leaves hold at most `capacity` vectors, for which every buffer has room; a list has room for
  // what one step can add to it, and is trimmed before the next.
  private let block: BlockDistances
  private let sample: BlockDistances
  private let strip: FloatBuffer
  private let lists: LeafLists
  private let incoming: ReservoirScratch
  /// How many neighbours a leaf should offer each of its vectors, at least.
  private let wanted: Int
  private let usesBytes = DistanceKernels.best.hasPairwise

  /// Rows compared at once: whole tiles, whose distances stay in the second-level cache.
  private static let stripRows = 4 * DistanceKernels.pairwiseRowCount
  /// Columns compared with them at once.
  private static let stripColumns = 256
  /// What rounding leaves between copies, as a share of their squared length.
  private static let copyTolerance: Float = 1e-5
  /// Vectors of a leaf looked at to guess how near the nearest are.
  private static let sampleCount = 128

  /// - Parameters:
  ///   - wanted: how many neighbours of each vector one leaf should offer.
  ///   - reservoirCapacity: of the reservoirs they go to.
  init(source: DistanceSource, wanted: Int, reservoirCapacity: Int) {
    self.wanted = wanted
    let capacity = min(BallCarver.leafCountMax, source.matrix.count)
    block = BlockDistances(source: source, capacity: capacity)
    sample = BlockDistances(source: source, capacity: min(capacity, Self.sampleCount))
    strip = FloatBuffer(
      count: Self.stripRows * BlockDistances.padded(usesBytes ? Self.sampleCount : capacity))
    lists = LeafLists(
      rowCount: BlockDistances.padded(capacity), kept: reservoirCapacity,
      added: Self.stripColumns + Self.stripRows)
    incoming = ReservoirScratch(nodeCount: source.matrix.count, capacity: reservoirCapacity)
  }

  /// - Parameter leaf: ascending: of vectors at the same distance lists keep the first by place, reservoirs
  ///   the first by node, and these must be the same.
  /// - Complexity: leaf² · dimension multiply-adds, half of that where bytes are multiplied.
  func run(_ leaf: [UInt32], into reservoirs: NeighborReservoirs) {
    assert(zip(leaf, leaf.dropFirst()).allSatisfy { $0 < $1 }, "a leaf is ascending")
    leaf.withUnsafeBufferPointer { leaf in
      block.load(leaf)
      loadSample(of: leaf)
      lists.begin(rowCount: leaf.count)
      for start in stride(from: 0, to: leaf.count, by: Self.stripRows) {
        let rows = start..<min(leaf.count, start + Self.stripRows)
        setLimits(of: rows, leaf: leaf, reservoirs: reservoirs)
        if usesBytes { joinBytes(rows) } else { joinFloats(rows) }
      }
      for (row, node) in leaf.enumerated() {
        if row + 1 < leaf.count { reservoirs.prefetch(Int(leaf[row + 1])) }
        reservoirs.insert(lists.keys(of: row, in: leaf), for: Int(node), scratch: incoming)
      }
    }
  }

  private func loadSample(of leaf: UnsafeBufferPointer<UInt32>) {
    guard leaf.count > 2 * Self.sampleCount else { return }
    let step = leaf.count / Self.sampleCount
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.sampleCount) { ids in
      for index in 0..<Self.sampleCount { ids[index] = leaf[index * step] }
      sample.load(UnsafeBufferPointer(ids))
    }
  }

  /// No further than the reservoir reaches, nor than somewhat more than `wanted` vectors are likely to be.
  private func setLimits(
    of rows: Range<Int>, leaf: UnsafeBufferPointer<UInt32>, reservoirs: NeighborReservoirs
  ) {
    let limits = lists.near.limits
    // What is as far as the last in the reservoir can still take its place.
    for row in rows { limits[row] = reservoirs.threshold(of: Int(leaf[row])).nextUp }
    guard leaf.count > 2 * Self.sampleCount else { return }
    block.distances(rows, to: sample, into: strip.base)
    let share = Double(2 * wanted) / Double(leaf.count)
    let step = leaf.count / Self.sampleCount
    for row in rows {
      let line = strip.base + (row - rows.lowerBound) * sample.rowStride
      // A vector is no neighbour of itself.
      if row % step == 0, row / step < Self.sampleCount { line[row / step] = .infinity }
      // Nothing is to be guessed where copies of the vector fill the sample.
      let quantile = LaneMinima.quantile(line, count: Self.sampleCount, share: share)
      if quantile > Self.copyTolerance * block.squaredNorm(of: row) {
        limits[row] = min(limits[row], quantile.nextUp)
      }
    }
  }

  private func joinBytes(_ rows: Range<Int>) {
    for start in stride(from: 0, to: rows.upperBound, by: Self.stripColumns) {
      let columns = start..<min(rows.upperBound, start + Self.stripColumns)
      block.join(rowRange: rows, columnRange: columns, into: lists.near)
      lists.trim(rows)
    }
    lists.trim(0..<rows.lowerBound)
  }

  private func joinFloats(_ rows: Range<Int>) {
    block.distances(rows, to: block, into: strip.base)
    for start in stride(from: 0, to: block.count, by: Self.stripColumns) {
      let columns = start..<min(block.count, start + Self.stripColumns)
      for row in rows {
        lists.add(
          strip.base + (row - rows.lowerBound) * block.rowStride, columns: columns, to: row)
      }
      lists.trim(rows)
    }
  }
}

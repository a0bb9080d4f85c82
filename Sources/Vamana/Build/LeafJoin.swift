internal import VectorMath

/// Finds the nearest neighbours inside a leaf with one matrix product.
///
/// One object a worker: it owns the scratch memory.
final class LeafJoin {
  // SAFETY: leaves hold at most `leafCountMax` nodes of the matrix, for which `rows` and `products` have
  // room; `keys` has room for one more than is kept.
  private let matrix: FloatMatrix
  private let squaredNorms: FloatBuffer
  private let rows: FloatBuffer
  private let products: FloatBuffer
  private let keys: UnsafeMutablePointer<NeighborKey>
  private let merged: UnsafeMutablePointer<NeighborKey>
  private let keep: Int

  /// - Parameter keep: how many neighbours of each row go to its reservoir.
  init(matrix: FloatMatrix, squaredNorms: FloatBuffer, keep: Int) {
    self.matrix = matrix
    self.squaredNorms = squaredNorms
    self.keep = keep
    rows = FloatBuffer(count: BallCarver.leafCountMax * matrix.dimension)
    products = FloatBuffer(count: BallCarver.leafCountMax * BallCarver.leafCountMax)
    keys = .allocate(capacity: keep + 1)
    merged = .allocate(capacity: keep)
  }

  deinit {
    keys.deallocate()
    merged.deallocate()
  }

  /// Offers to every vector of the leaf its nearest neighbours there.
  ///
  /// - Complexity: leaf² · dimension multiply-adds.
  func run(_ leaf: [UInt32], into reservoirs: NeighborReservoirs) {
    leaf.withUnsafeBufferPointer { leaf in
      matrix.gather(leaf, into: rows.base)
      let count = leaf.count
      BLAS.multiplyTransposed(
        rows.base, rows.base, into: products.base, m: count, n: count, k: matrix.dimension)
      for row in 0..<count {
        let node = Int(leaf[row])
        let found = nearest(of: row, in: leaf, below: reservoirs.threshold(of: node))
        reservoirs.insert(
          UnsafeBufferPointer(start: keys, count: found), for: node, scratch: merged)
      }
    }
  }

  private func nearest(
    of row: Int, in leaf: UnsafeBufferPointer<UInt32>, below threshold: Float
  ) -> Int {
    let norm = squaredNorms.base[Int(leaf[row])]
    let products = products.base + row * leaf.count
    let norms = squaredNorms.base
    var filled = 0
    var worst = threshold
    for column in 0..<leaf.count {
      let distance = norm + norms[Int(leaf[column])] - 2 * products[column]
      guard distance < worst, column != row else { continue }
      let key = NeighborKey(distance: max(0, distance), node: leaf[column])
      var slot = filled
      while slot > 0, keys[slot - 1] > key {
        keys[slot] = keys[slot - 1]
        slot -= 1
      }
      keys[slot] = key
      if filled < keep { filled += 1 }
      if filled == keep { worst = min(worst, keys[keep - 1].distance) }
    }
    return filled
  }
}

internal import VectorMath

/// The vectors that lead balls, gathered so that one matrix product scores a block against all.
struct LeaderRows: @unchecked Sendable {
  // SAFETY: written in `init` only.
  private let rows: FloatBuffer
  private let halfNorms: [Float]
  private let dimension: Int

  init(matrix: FloatMatrix, squaredNorms: FloatBuffer, ids: [UInt32]) {
    let gathered = FloatBuffer(count: ids.count * matrix.dimension)
    ids.withUnsafeBufferPointer { matrix.gather($0, into: gathered.base) }
    dimension = matrix.dimension
    rows = gathered
    halfNorms = ids.map { squaredNorms.base[Int($0)] / 2 }
  }

  /// Writes the numbers of the nearest `fanOut` leaders of each of `count` rows.
  ///
  /// - Complexity: count · leaders · dimension multiply-adds.
  func assign(
    rows block: UnsafePointer<Float>, count: Int, fanOut: Int,
    into out: UnsafeMutablePointer<UInt32>
  ) {
    let leaderCount = halfNorms.count
    let scores = FloatBuffer(count: count * leaderCount)
    BLAS.multiplyTransposed(
      block, rows.base, into: scores.base, m: count, n: leaderCount, k: dimension)
    var best = [(score: Float, leader: UInt32)](repeating: (0, 0), count: fanOut)
    halfNorms.withUnsafeBufferPointer { halfNorms in
      best.withUnsafeMutableBufferPointer { best in
        for row in 0..<count {
          // |x − l|² / 2 without the part that all leaders share.
          let products = scores.base + row * leaderCount
          var filled = 0
          var worst = Float.infinity
          for leader in 0..<leaderCount {
            let score = halfNorms[leader] - products[leader]
            guard score < worst || filled < fanOut else { continue }
            var slot = filled < fanOut ? filled : fanOut - 1
            while slot > 0, best[slot - 1].score > score {
              best[slot] = best[slot - 1]
              slot -= 1
            }
            best[slot] = (score, UInt32(leader))
            if filled < fanOut { filled += 1 }
            if filled == fanOut { worst = best[fanOut - 1].score }
          }
          for slot in 0..<fanOut { out[row * fanOut + slot] = best[slot].leader }
        }
      }
    }
  }
}

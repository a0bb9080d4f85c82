internal import VectorMath

/// Chooses a node's neighbours among candidates: near ones, in different directions.
///
/// A candidate is dropped when a kept neighbour is nearer to it, by the factor alpha, than the node is.
/// Source: Subramanya et al., DiskANN, NeurIPS 2019, algorithm 2; the rounds of growing alpha follow
/// the authors' code, so that short edges are taken before alpha lets longer ones in.
///
/// One object a worker: it owns the scratch memory.
final class RobustPrune {
  // SAFETY: at most `candidatesMax` candidates are looked at, for which every buffer has room; the
  // caller's list has room for the degree.
  private let matrix: FloatMatrix
  private let squaredNorms: FloatBuffer
  private let alpha: Float
  private let candidatesMax: Int
  private let rows: FloatBuffer
  private let products: FloatBuffer
  /// For each candidate the largest ratio of its distance to the node over that to a kept neighbour.
  private let occlusion: FloatBuffer
  private let ids: UnsafeMutablePointer<UInt32>

  /// - Parameter candidatesMax: the most candidates of one call.
  init(matrix: FloatMatrix, squaredNorms: FloatBuffer, alpha: Float, candidatesMax: Int) {
    self.matrix = matrix
    self.squaredNorms = squaredNorms
    self.alpha = alpha
    self.candidatesMax = candidatesMax
    rows = FloatBuffer(count: candidatesMax * matrix.dimension)
    products = FloatBuffer(count: candidatesMax * candidatesMax)
    occlusion = FloatBuffer(count: candidatesMax)
    ids = .allocate(capacity: candidatesMax)
  }

  deinit { ids.deallocate() }

  /// Writes at most `degree` neighbours to `out`.
  ///
  /// Lists are filled up with the nearest dropped candidates: a full list costs a search nothing to
  /// read and saves hops.
  ///
  /// - Parameter candidates: ascending, without the node itself and without repeats.
  /// - Returns: how many neighbours were written.
  /// - Complexity: candidates² · dimension multiply-adds in one matrix product.
  func prune(
    _ candidates: UnsafeBufferPointer<NeighborKey>, degree: Int,
    into out: UnsafeMutablePointer<NeighborKey>
  ) -> Int {
    let count = min(candidates.count, candidatesMax)
    guard count > degree else {
      out.update(from: candidates.baseAddress ?? UnsafePointer(out), count: count)
      return count
    }
    for index in 0..<count { ids[index] = candidates[index].node }
    matrix.gather(UnsafeBufferPointer(start: ids, count: count), into: rows.base)
    BLAS.multiplyTransposed(
      rows.base, rows.base, into: products.base, m: count, n: count, k: matrix.dimension)
    occlusion.base.update(repeating: 0, count: count)
    var kept = 0
    var round: Float = 1
    while kept < degree {
      for index in 0..<count where kept < degree {
        guard occlusion.base[index] <= round else { continue }
        out[kept] = candidates[index]
        kept += 1
        occlude(by: index, candidates: candidates, count: count)
      }
      if round >= alpha { break }
      round = min(alpha, round * 1.2)
    }
    for index in 0..<count where kept < degree {
      // Kept candidates have an infinite occlusion.
      guard occlusion.base[index] != .infinity else { continue }
      out[kept] = candidates[index]
      kept += 1
    }
    return kept
  }

  private func occlude(
    by keptIndex: Int, candidates: UnsafeBufferPointer<NeighborKey>, count: Int
  ) {
    let occlusion = occlusion.base
    occlusion[keptIndex] = .infinity
    let norm = squaredNorms.base[Int(ids[keptIndex])]
    let row = products.base + keptIndex * count
    for index in (keptIndex + 1)..<max(count, keptIndex + 1) where occlusion[index] != .infinity {
      let between = norm + squaredNorms.base[Int(ids[index])] - 2 * row[index]
      // Repeats of a kept neighbour lead nowhere new.
      let ratio =
        between <= 0 ? Float.greatestFiniteMagnitude : candidates[index].distance / between
      occlusion[index] = max(occlusion[index], ratio)
    }
  }
}

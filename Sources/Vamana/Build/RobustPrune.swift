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
  private let block: BlockDistances
  private let alpha: Float
  private let candidatesMax: Int
  /// Squared distances of the last kept candidate to all.
  private let between: FloatBuffer
  private let distances: FloatBuffer
  /// For each candidate the largest ratio of its distance to the node over that to a kept neighbour.
  private let occlusion: FloatBuffer
  private let ids: UnsafeMutablePointer<UInt32>

  /// - Parameter candidatesMax: the most candidates of one call.
  init(source: DistanceSource, alpha: Float, candidatesMax: Int) {
    self.alpha = alpha
    self.candidatesMax = candidatesMax
    let stride = BlockDistances.padded(candidatesMax)
    block = BlockDistances(source: source, capacity: candidatesMax)
    between = FloatBuffer(count: stride)
    distances = FloatBuffer(count: stride)
    occlusion = FloatBuffer(count: stride)
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
  /// - Complexity: degree · candidates · dimension multiply-adds.
  func prune(
    _ candidates: UnsafeBufferPointer<NeighborKey>, degree: Int,
    into out: UnsafeMutablePointer<NeighborKey>
  ) -> Int {
    let count = min(candidates.count, candidatesMax)
    guard count > degree else {
      out.update(from: candidates.baseAddress ?? UnsafePointer(out), count: count)
      return count
    }
    for index in 0..<count {
      ids[index] = candidates[index].node
      distances.base[index] = candidates[index].distance
    }
    block.load(UnsafeBufferPointer(start: ids, count: count))
    let occlusion = occlusion.base
    occlusion.update(repeating: 0, count: count)
    var kept = 0
    var round: Float = 1
    while kept < degree {
      for index in 0..<count where kept < degree {
        guard occlusion[index] <= round else { continue }
        out[kept] = candidates[index]
        kept += 1
        occlude(by: index, count: count)
        occlusion[index] = .infinity
      }
      if round >= alpha { break }
      round = min(alpha, round * 1.2)
    }
    for index in 0..<count where kept < degree {
      // Kept candidates have an infinite occlusion.
      guard occlusion[index] != .infinity else { continue }
      out[kept] = candidates[index]
      kept += 1
    }
    return kept
  }

  private func occlude(by kept: Int, count: Int) {
    let occlusion = occlusion.base
    let distances = distances.base
    let row = between.base
    block.distances(kept..<kept + 1, to: block, into: row)
    for index in 0..<count {
      // Repeats of a kept neighbour lead nowhere new; kept ones stay infinite.
      let ratio = row[index] > 0 ? distances[index] / row[index] : Float.greatestFiniteMagnitude
      occlusion[index] = ratio > occlusion[index] ? ratio : occlusion[index]
    }
  }
}

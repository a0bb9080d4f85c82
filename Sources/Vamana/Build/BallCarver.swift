internal import VectorMath

/// Cuts a set of vectors into small overlapping leaves of near neighbours.
///
/// Randomised ball carving: sampled leaders, every vector goes to its nearest few, and again inside
/// each ball until it fits a leaf. Overlap (the fan-out) makes it likely that two near vectors share a
/// leaf. Source: the partitioning of PiPNN, arXiv 2602.21247.
struct BallCarver: Sendable {
  let source: DistanceSource
  let seed: UInt64

  /// The most vectors in a leaf.
  static let leafCountMax = 4096
  /// The fewest and the most balls a vector joins at the first level, see ``LeafCoverage``. Of leaders few
  /// enough for as many as are wanted at most, each leads a leaf.
  private static let fanOutMin = 3
  private static let fanOutMax = 8
  /// How many balls a vector joins at the second level; 1 below.
  private static let secondFanOut = 2
  static let leadersMax = 1024
  private static let depthMax = 16
  private static let blockRows = 240

  private var count: Int { source.matrix.count }

  /// The balls of the first level; one that holds everything if that fits a leaf.
  ///
  /// - Complexity: count · leaders · dimension multiply-adds, in matrix products.
  func firstLevel(workers: Workers) -> [[UInt32]] {
    guard count > Self.leafCountMax else { return [Array(0..<UInt32(count))] }
    let leaders = leaders(for: nil, count: count, fanOut: Self.fanOutMax, seed: seed)
    let most = min(Self.fanOutMax, leaders.count)
    let assignments = nearest(most, of: leaders, workers: workers)
    let fanOut = LeafCoverage(source: source, workers: workers)
      .fanOut(assignments, least: min(Self.fanOutMin, most), most: most, seed: seed)
    return Self.balls(
      ids: nil, assignments: assignments, stride: most, fanOut: fanOut,
      leaderCount: leaders.count)
  }

  /// The places of the `fanOut` nearest leaders of each vector.
  private func nearest(_ fanOut: Int, of leaders: [UInt32], workers: Workers) -> [UInt32] {
    let count = count
    let leaderRows = LeaderRows(source: source, ids: leaders)
    let scratch = WorkerScratch(count: workers.threadCount) {
      LeaderRows.Scratch(source: source, rowCount: Self.blockRows, leaderCount: leaders.count)
    }
    return [UInt32](unsafeUninitializedCapacity: count * fanOut) { buffer, filled in
      // SAFETY: each piece writes the assignments of its own rows only.
      nonisolated(unsafe) let base = buffer.baseAddress!
      workers.run(pieces: (count + Self.blockRows - 1) / Self.blockRows) { piece, worker in
        let start = piece * Self.blockRows
        let rows = (start..<min(count, start + Self.blockRows)).map(UInt32.init)
        leaderRows.assign(
          rows, fanOut: fanOut, scratch: scratch[worker], into: base + start * fanOut)
      }
      filled = count * fanOut
    }
  }

  /// For each vector its `fanOut` nearest among `leaderCount` vectors spread over all, one list after the
  /// other.
  ///
  /// - Complexity: count · leaderCount · dimension multiply-adds, in matrix products.
  func landmarks(leaderCount: Int, fanOut: Int, workers: Workers) -> [UInt32] {
    var generator = SplitMix64(seed: seed ^ 0x1ead)
    let leaders = generator.sample(min(leaderCount, count), below: count)
      .map(UInt32.init)
    return nearest(min(fanOut, leaders.count), of: leaders, workers: workers)
      .map { leaders[Int($0)] }
  }

  /// Cuts one ball further and hands every leaf to `visit`.
  ///
  /// - Parameter seed: of this ball: it must not depend on which thread carves.
  func carve(_ ids: [UInt32], depth: Int, seed: UInt64, visit: ([UInt32]) -> Void) {
    guard ids.count > Self.leafCountMax else {
      if ids.count > 1 { visit(ids) }
      return
    }
    guard depth < Self.depthMax else { return splitEvenly(ids, visit: visit) }
    let wanted = depth == 1 ? Self.secondFanOut : 1
    let leaders = leaders(for: ids, count: ids.count, fanOut: wanted, seed: seed)
    let fanOut = min(wanted, leaders.count)
    let leaderRows = LeaderRows(source: source, ids: leaders)
    let scratch = LeaderRows.Scratch(
      source: source, rowCount: Self.blockRows, leaderCount: leaders.count)
    var assignments = [UInt32](repeating: 0, count: ids.count * fanOut)
    assignments.withUnsafeMutableBufferPointer { assignments in
      for start in stride(from: 0, to: ids.count, by: Self.blockRows) {
        leaderRows.assign(
          Array(ids[start..<min(ids.count, start + Self.blockRows)]), fanOut: fanOut,
          scratch: scratch, into: assignments.baseAddress! + start * fanOut)
      }
    }
    let balls = Self.balls(
      ids: ids, assignments: assignments, stride: fanOut, fanOut: fanOut, leaderCount: leaders.count
    )
    for (index, ball) in balls.enumerated() {
      // Vectors that no leader tells apart (repeats by the thousand) would recurse for ever.
      if ball.count * 10 > ids.count * 9 {
        splitEvenly(ball, visit: visit)
      } else {
        carve(
          ball, depth: depth + 1, seed: seed &* 0x100_0000_01b3 &+ UInt64(index) &+ 1, visit: visit)
      }
    }
  }

  private func splitEvenly(_ ids: [UInt32], visit: ([UInt32]) -> Void) {
    // Half-overlapping windows, so that neighbouring windows share vectors.
    let step = Self.leafCountMax / 2
    for start in stride(from: 0, to: max(1, ids.count - step), by: step) {
      visit(Array(ids[start..<min(ids.count, start + Self.leafCountMax)]))
    }
  }

  private func leaders(
    for ids: [UInt32]?, count: Int, fanOut: Int, seed: UInt64
  ) -> [UInt32] {
    var generator = SplitMix64(seed: seed)
    // Balls of about seven tenths of a leaf once the fan-out has multiplied them.
    let wanted = max(4, count * fanOut * 7 / (Self.leafCountMax * 5))
    return generator.sample(min(Self.leadersMax, wanted), below: count)
      .map { ids?[$0] ?? UInt32($0) }
  }

  /// Turns assignments into the members of each leader's ball.
  ///
  /// - Parameters:
  ///   - assignments: of each vector its nearest leaders, `stride` of them.
  ///   - fanOut: how many of those a vector joins.
  private static func balls(
    ids: [UInt32]?, assignments: [UInt32], stride: Int, fanOut: Int, leaderCount: Int
  ) -> [[UInt32]] {
    let rowCount = assignments.count / max(1, stride)
    var counts = [Int](repeating: 0, count: leaderCount)
    for row in 0..<rowCount {
      for slot in 0..<fanOut { counts[Int(assignments[row * stride + slot])] += 1 }
    }
    var balls = counts.map { count in
      var ball: [UInt32] = []
      ball.reserveCapacity(count)
      return ball
    }
    for row in 0..<rowCount {
      for slot in 0..<fanOut {
        balls[Int(assignments[row * stride + slot])].append(ids?[row] ?? UInt32(row))
      }
    }
    return balls.filter { !$0.isEmpty }
  }
}

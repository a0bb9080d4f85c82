internal import VectorMath

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// How a search with a filter that has no codes goes about it: which way takes less time, and the sizes of a
/// walk.
///
/// Times are estimates from the bytes that each way reads. What they are made of was measured on WordNet
/// (116,659 × 384), see Benchmarks; only their proportions matter.
struct FilterPlan {
  /// A row of a scan: ascending addresses, asked for ahead of time.
  private static let scanNanosecondsALine = 1.8
  /// A hop: each depends on the one before, and scores and sorts what it reads.
  private static let hopNanosecondsALine = 17.0
  /// The list size is for a share of the nearest when all match. The fewer do, the more hops between them;
  /// the power fits 44, 57 and 117 hops for a share of 0.96 at 50, 30 and 10 %, with a list of 28.
  private static let hopPower = -0.6

  /// A scan finds all wherever the matches lie, a walk loses some where they are far from the query: so a scan
  /// may take longer.
  private static let scanPreference = 4.0
  /// Walks without a filter end by distance, and expand so many fewer for the same share.
  private static let listGrowth = 1.4

  /// Whether a walk is better than a scan of rows.
  let prefersWalk: Bool
  /// About what the better way takes.
  let nanoseconds: Double

  /// How many matches and how many others a walk keeps.
  let matchListSize: Int
  let otherListSize: Int
  /// After how many hops in a row without a new match among the nearest `k` a walk no longer expands matches,
  /// or others.
  let matchPatience: Int
  let otherPatience: Int
  /// The same for others before the first such match.
  let firstPatience: Int
  /// Others beyond the match in this place are not expanded.
  let reach: Int

  init(segment: Segment, matchCount: Int, parameters: WalkParameters) {
    let selectivity = Double(matchCount) / Double(segment.count)
    let wholeListSize = Int((Double(parameters.listSize) * Self.listGrowth).rounded())
    let listSize = Double(wholeListSize)
    let node = segment.layout.node
    let rowLines = Double((segment.dimension + ByteQuantizer.rowHeaderBytes + 63) / 64)
    let hopLines =
      node.blockCount > 0
      ? Double(node.byteCount) / 64
      : Double(node.slotCount) / 16 + Double(node.slotCount) * rowLines / 2
    let scan = Double(matchCount) * rowLines * Self.scanNanosecondsALine
    let hops = max(listSize, Double(parameters.k)) * pow(selectivity, Self.hopPower)
    let walk = hops * hopLines * Self.hopNanosecondsALine
    prefersWalk = walk * Self.scanPreference < scan
    nanoseconds = prefersWalk ? walk : scan

    matchListSize = min(matchCount, max(2 * wholeListSize, parameters.rerankCount))
    let sparsity = (1 / selectivity).squareRoot()
    otherListSize = min(segment.count, max(2, Int(2 * listSize * sparsity)))
    matchPatience = max(8, Int(0.6 * listSize))
    otherPatience = max(8, Int(0.5 * listSize * sparsity))
    // A hop meets a dozen new nodes or more: in as many hops a dozen matches, if they lie here as elsewhere.
    firstPatience = min(otherPatience, max(8, Int(1 / selectivity)))
    reach = min(matchListSize, max(parameters.k, Int(0.7 * listSize)))
  }
}

/// How an index is built. The defaults suit text embeddings of a few hundred dimensions.
public struct VamanaConfiguration: Hashable, Sendable {
  /// R: the most neighbours of a node, 4 to 256. More make a search take fewer hops and each hop
  /// longer.
  public var maximumDegree: Int = 32
  /// How much nearer (in squared distance) a kept neighbour must be to a candidate than the node
  /// itself to make it redundant. 1 keeps the relative neighbourhood graph; larger values keep
  /// longer edges. Source: Subramanya et al., DiskANN, NeurIPS 2019, algorithm 2.
  public var alpha: Float = 1.2
  /// How many nearest neighbours of each node are collected before pruning.
  public var candidateCount: Int = 96
  /// How many of the neighbours are at longer range, 0 to a quarter of ``maximumDegree``. They lead
  /// walks out of clusters. By default an eighth of the degree where the nearest neighbours fall apart
  /// into clusters, and none elsewhere.
  public var longRangeDegree: Int?
  /// Whether each node's record carries codes of its neighbours, so that a hop reads one block of
  /// memory. Without, an index takes about a quarter of the memory and a search two to three times as
  /// long.
  public var isFused: Bool = true
  /// Whether node records are placed to be searched in memory, or read one by one from a file. For disk
  /// they must be fused.
  public var placement: NodePlacement = .memory
  /// How many entry points a search scores before it starts.
  public var entryPointCount: Int?
  /// Seeds the sampling of leaders and entry points: the same seed and input build the same bytes.
  public var seed: UInt64 = 0x5eed
  /// Threads that build at once. The result does not depend on it.
  public var threadCount: Int = 2

  public init() {}

  /// The default number of entry points for `count` vectors: about √count, 1 to 512. They take the
  /// place of the upper layers of a hierarchical graph.
  static func defaultEntryPointCount(for count: Int) -> Int {
    min(512, max(1, Int(Double(count).squareRoot())))
  }

  /// Checks every setting, as a build does first.
  package func validate() throws(VamanaError) {
    guard (4...256).contains(maximumDegree) else {
      throw .invalidConfiguration(
        field: "maximumDegree", value: "\(maximumDegree)", expected: "4 to 256")
    }
    guard alpha >= 1, alpha <= 10 else {
      throw .invalidConfiguration(field: "alpha", value: "\(alpha)", expected: "1 to 10")
    }
    guard (maximumDegree...1024).contains(candidateCount) else {
      throw .invalidConfiguration(
        field: "candidateCount", value: "\(candidateCount)",
        expected: "maximumDegree (\(maximumDegree)) to 1024")
    }
    if let longRangeDegree, !(0...maximumDegree / 4).contains(longRangeDegree) {
      throw .invalidConfiguration(
        field: "longRangeDegree", value: "\(longRangeDegree)",
        expected: "0 to a quarter of maximumDegree (\(maximumDegree))")
    }
    guard isFused || placement == .memory else {
      throw .invalidConfiguration(
        field: "placement", value: "disk",
        expected: "memory, or isFused: a compact index would read all neighbours of a node")
    }
    if let entryPointCount, entryPointCount < 1 {
      throw .invalidConfiguration(
        field: "entryPointCount", value: "\(entryPointCount)", expected: "1 or more")
    }
  }
}

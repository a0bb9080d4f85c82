/// Decides which segments are rebuilt into one, and when.
///
/// Size-tiered: a segment's tier is the rounded logarithm, base ``fanIn``, of its living rows. When
/// ``fanIn`` segments meet in a tier they are merged, which lifts their rows by at least one tier. A row
/// is therefore built once when its tail is sealed and at most once a tier after that: with a fan-in
/// of 8 and tails of 16,384, twice in all up to a million rows and three times up to eight million.
///
/// Dead rows cost a rebuild only when the whole index pays for them (``deadShareMax``), so that a
/// window that slides over records in order lets its oldest segment die and drops it for nothing.
public struct MergePolicy: Hashable, Sendable {
  /// How many segments of a tier make a merge, at least 2. A larger fan-in builds each row fewer
  /// times and leaves more segments to search.
  public var fanIn: Int
  /// The share of dead rows in the index above which the segment with the largest share is rebuilt.
  /// A row deleted costs at most (1 − share) / share rows rebuilt.
  public var deadShareMax: Double
  /// The share of dead rows above which a segment is rebuilt whatever the others are like. High, so that
  /// one whose records are being deleted in order dies before it is worth rebuilding.
  public var segmentDeadShareMax: Double
  /// No merge makes a segment of more rows: it bounds the time and memory of one rebuild.
  public var rowCountMax: Int

  public init(
    fanIn: Int = 8, deadShareMax: Double = 0.15, segmentDeadShareMax: Double = 0.95,
    rowCountMax: Int = 1 << 24
  ) {
    self.fanIn = fanIn
    self.deadShareMax = deadShareMax
    self.segmentDeadShareMax = segmentDeadShareMax
    self.rowCountMax = rowCountMax
  }

  /// What the policy looks at in a segment.
  public struct Size: Hashable, Sendable {
    public var rowCount: Int
    public var aliveCount: Int

    public init(rowCount: Int, aliveCount: Int) {
      self.rowCount = rowCount
      self.aliveCount = aliveCount
    }

    var deadShare: Double {
      rowCount == 0 ? 0 : Double(rowCount - aliveCount) / Double(rowCount)
    }
  }

  /// Segments to rebuild into one.
  public struct Plan: Hashable, Sendable {
    public enum Reason: String, Hashable, Sendable, CaseIterable {
      /// A tier is full.
      case tier
      /// Too many rows are dead.
      case deadRows
      /// The caller asked for one segment.
      case requested
    }

    public var reason: Reason
    /// Places in the list given, ascending.
    public var segments: [Int]

    public init(reason: Reason, segments: [Int]) {
      self.reason = reason
      self.segments = segments
    }
  }

  /// The next merge, or nil if there is none to do.
  ///
  /// - Parameter sizes: the segments, oldest first.
  /// - Complexity: O(segments).
  public func plan(_ sizes: [Size]) -> Plan? {
    if let segments = fullTier(sizes) { return Plan(reason: .tier, segments: segments) }
    if let segment = mostlyDead(sizes) { return Plan(reason: .deadRows, segments: [segment]) }
    return nil
  }

  /// The merge that leaves one segment without dead rows, or as few as ``rowCountMax`` allows.
  public func planForAll(_ sizes: [Size]) -> Plan? {
    var chosen: [Int] = []
    var total = 0
    // The small ones first: a segment as large as allowed stays alone.
    for index in sizes.indices.sorted(by: { sizes[$0].aliveCount < sizes[$1].aliveCount })
    where total + sizes[index].aliveCount <= rowCountMax {
      chosen.append(index)
      total += sizes[index].aliveCount
    }
    if chosen.count > 1 { return Plan(reason: .requested, segments: chosen.sorted()) }
    guard let dirty = sizes.indices.first(where: { sizes[$0].deadShare > 0 }) else { return nil }
    return Plan(reason: .requested, segments: [dirty])
  }

  /// The tier of a segment of `aliveCount` rows.
  func tier(of aliveCount: Int) -> Int {
    var tier = 0
    // √fanIn · fanInᵗ rows and more are above tier t: squares keep it in whole numbers.
    var limit = UInt(fanIn)
    let (high, square) = aliveCount.multipliedFullWidth(by: aliveCount)
    guard high == 0 else { return Int.max }
    while square >= limit {
      let (next, overflow) = limit.multipliedReportingOverflow(by: UInt(fanIn * fanIn))
      tier += 1
      if overflow { break }
      limit = next
    }
    return tier
  }

  /// The oldest segments of the lowest tier that is full.
  private func fullTier(_ sizes: [Size]) -> [Int]? {
    var tiers: [Int: [Int]] = [:]
    for (index, size) in sizes.enumerated() where size.aliveCount > 0 {
      tiers[tier(of: size.aliveCount), default: []].append(index)
    }
    for (_, members) in tiers.sorted(by: { $0.key < $1.key }) where members.count >= fanIn {
      let chosen = Array(members.prefix(fanIn))
      let total = chosen.reduce(0) { $0 + sizes[$1].aliveCount }
      if total <= rowCountMax { return chosen }
    }
    return nil
  }

  private func mostlyDead(_ sizes: [Size]) -> Int? {
    guard
      let worst = sizes.indices.max(by: { sizes[$0].deadShare < sizes[$1].deadShare }),
      sizes[worst].deadShare > 0
    else { return nil }
    let rows = sizes.reduce(0) { $0 + $1.rowCount }
    let alive = sizes.reduce(0) { $0 + $1.aliveCount }
    let share = Size(rowCount: rows, aliveCount: alive).deadShare
    return share > deadShareMax || sizes[worst].deadShare > segmentDeadShareMax ? worst : nil
  }
}

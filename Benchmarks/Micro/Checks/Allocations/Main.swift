import CAllocationCount
import Foundation
import Vamana
import VectorMath

/// Checks that searches allocate nothing once their scratch memory is warm. A program and not a test: only
/// optimized code keeps its promise, and tests are built without optimization.
@main
struct AllocationCheck {
  private static let dimension = 64
  private static let rowCount = 3_000
  /// In so many a walk to matches is quicker than a scan of them.
  private static let filteredRowCount = 20_000
  private static let searchCount = 1_000
  private static let parameters = [
    SearchParameters(k: 10), SearchParameters(k: 10, targetRecall: 0.99),
    SearchParameters(k: 10, listSize: 40), SearchParameters(k: 100, listSize: 800),
  ]

  private let rows: [Float]
  private var hasFailed = false

  static func main() throws {
    guard countsAllocations() else {
      print("allocations cannot be counted here")
      exit(2)
    }
    var check = AllocationCheck()
    try check.checkSegments()
    try check.checkFilters()
    try check.checkIndex()
    exit(check.hasFailed ? 1 : 0)
  }

  private init() {
    var random = RandomRows(seed: 8)
    rows = random.clusteredRows(Self.filteredRowCount, dimension: Self.dimension)
  }

  /// Whether the counter sees what Swift allocates.
  private static func countsAllocations() -> Bool {
    let before = allocation_count()
    let array = [UInt8](repeating: 1, count: Int.random(in: 100...200))
    return withExtendedLifetime(array) { allocation_count() > before }
  }

  private mutating func checkSegments() throws {
    for metric in Metric.allCases {
      for isFused in [true, false] {
        let segment = try segment(of: Self.rowCount, metric: metric, isFused: isFused)
        let scratch = SearchScratch()
        for parameters in Self.parameters {
          try report("segment, \(metric), \(isFused ? "fused" : "compact")", parameters) {
            try segment.search($0, parameters: parameters, scratch: scratch)
          }
        }
      }
    }
  }

  /// Each way to find matches.
  private mutating func checkFilters() throws {
    for isFused in [true, false] {
      let segment = try segment(of: Self.filteredRowCount, metric: .cosine, isFused: isFused)
      let name = "filtered segment, \(isFused ? "fused" : "compact")"
      let prepared = Self.filter(oneIn: 3)
      prepared.prepare(for: segment)
      let scratch = SearchScratch()
      for parameters in Self.parameters {
        try report("\(name), prepared", parameters) {
          try segment.search($0, parameters: parameters, filter: prepared, scratch: scratch)
        }
      }
      // So few that they are never prepared.
      let few = Self.filter(oneIn: 100)
      for parameters in Self.parameters {
        try report("\(name), scan", parameters) {
          try segment.search($0, parameters: parameters, filter: few, scratch: scratch)
        }
      }
      // Many searches would have the filter prepared in the background.
      let most = Self.filter(oneIn: 1)
      let parameters = SearchParameters(k: 10, listSize: 10)
      var walkCount = 0
      try report("\(name), walk", parameters, searchCount: 100) {
        try segment.search($0, parameters: parameters, filter: most, scratch: scratch)
        if scratch.statistics.hopCount > 0 { walkCount += 1 }
      }
      if walkCount < 200 {
        print("\(200 - walkCount) of 200 searches did not walk")
        hasFailed = true
      }
    }
  }

  /// Two segments, some of their rows dead, and a tail.
  private mutating func checkIndex() throws {
    var configuration = VectorIndexConfiguration()
    configuration.tailRowCountMax = 1_200
    let index = try VectorIndex(
      dimension: Self.dimension, metric: .cosine, configuration: configuration)
    try index.insert(
      Array(rows.prefix(Self.rowCount * Self.dimension)),
      recordIDs: (0..<UInt64(Self.rowCount)).map { $0 })
    try index.flush()
    try index.delete([3, 700, 1_300, 2_900])
    let prepared = Self.filter(oneIn: 3)
    index.snapshot().prepare(prepared)
    let scratch = VectorIndexScratch()
    for (name, filter) in [
      ("", nil), (", prepared filter", prepared), (", filter", Self.filter(oneIn: 20)),
    ] {
      for parameters in Self.parameters {
        try report("index of 2 segments and a tail\(name)", parameters) {
          try index.search($0, parameters: parameters, filter: filter, scratch: scratch)
        }
      }
    }
  }

  /// A segment of the first rows.
  private func segment(of rowCount: Int, metric: Metric, isFused: Bool) throws -> Segment {
    var configuration = VamanaConfiguration()
    configuration.isFused = isFused
    return try Segment(
      rows.withUnsafeBufferPointer {
        try SegmentBuilder.build(
          vectors: UnsafeBufferPointer(rebasing: $0[..<(rowCount * Self.dimension)]),
          dimension: Self.dimension, recordIDs: (0..<UInt64(rowCount)).map { $0 },
          metric: metric, configuration: configuration)
      })
  }

  private static func filter(oneIn step: Int) -> RecordFilter {
    RecordFilter(stride(from: 0, to: UInt64(filteredRowCount), by: step))
  }

  private mutating func report(
    _ subject: String, _ parameters: SearchParameters, searchCount: Int = Self.searchCount,
    search: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    let count = try allocations(of: searchCount, search)
    let list = parameters.listSize.map { "L=\($0)" } ?? "recall \(parameters.targetRecall)"
    print(
      "\(subject), k=\(parameters.k), \(list): \(count) allocations in \(searchCount) searches"
    )
    if count != 0 { hasFailed = true }
  }

  /// What searches allocate after as many have made room.
  private func allocations(
    of searchCount: Int, _ search: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws -> Int64 {
    try rows.withUnsafeBufferPointer { rows in
      func searchAll() throws {
        for index in 0..<searchCount {
          let start = index % Self.rowCount * Self.dimension
          try search(UnsafeBufferPointer(rebasing: rows[start..<start + Self.dimension]))
        }
      }
      try searchAll()
      let before = allocation_count()
      try searchAll()
      return allocation_count() - before
    }
  }
}

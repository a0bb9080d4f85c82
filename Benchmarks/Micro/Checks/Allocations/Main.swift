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
    try check.checkIndex()
    exit(check.hasFailed ? 1 : 0)
  }

  private init() {
    var random = RandomRows(seed: 8)
    rows = random.clusteredRows(Self.rowCount, dimension: Self.dimension)
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
        var configuration = VamanaConfiguration()
        configuration.isFused = isFused
        let segment = try Segment(
          rows.withUnsafeBufferPointer {
            try SegmentBuilder.build(
              vectors: $0, dimension: Self.dimension,
              recordIDs: (0..<UInt64(Self.rowCount)).map { $0 }, metric: metric,
              configuration: configuration)
          })
        let scratch = SearchScratch()
        for parameters in Self.parameters {
          try report("segment, \(metric), \(isFused ? "fused" : "compact")", parameters) {
            try segment.search($0, parameters: parameters, scratch: scratch)
          }
        }
      }
    }
  }

  /// Two segments, some of their rows dead, and a tail.
  private mutating func checkIndex() throws {
    var configuration = VectorIndexConfiguration()
    configuration.tailRowCountMax = 1_200
    let index = try VectorIndex(
      dimension: Self.dimension, metric: .cosine, configuration: configuration)
    try index.insert(rows, recordIDs: (0..<UInt64(Self.rowCount)).map { $0 })
    try index.flush()
    try index.delete([3, 700, 1_300, 2_900])
    let scratch = VectorIndexScratch()
    for parameters in Self.parameters {
      try report("index of 2 segments and a tail", parameters) {
        try index.search($0, parameters: parameters, scratch: scratch)
      }
    }
  }

  private mutating func report(
    _ subject: String, _ parameters: SearchParameters,
    search: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    let count = try allocations(search)
    let list = parameters.listSize.map { "L=\($0)" } ?? "recall \(parameters.targetRecall)"
    print(
      "\(subject), k=\(parameters.k), \(list): \(count) allocations in \(Self.searchCount) searches"
    )
    if count != 0 { hasFailed = true }
  }

  /// What searches allocate after as many have made room.
  private func allocations(_ search: (UnsafeBufferPointer<Float>) throws -> Void) throws -> Int64 {
    try rows.withUnsafeBufferPointer { rows in
      func searchAll() throws {
        for index in 0..<Self.searchCount {
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

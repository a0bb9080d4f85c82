import Testing
import Vamana
import VectorMath

/// Checks hits against distances computed one by one in double precision.
struct FlatTruth {
  let metric: Metric
  let vectors: [UInt64: [Float]]

  /// The distance in double precision, and how far off single precision may be.
  func distance(_ query: [Float], _ vector: [Float]) -> (value: Double, tolerance: Double) {
    let q = query.map(Double.init)
    let x = vector.map(Double.init)
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let norms = (dot(q, q).squareRoot(), dot(x, x).squareRoot())
    let rounding = Double(q.count + 8) * 0x1p-23
    switch metric {
    case .innerProduct: return (-dot(q, x), rounding * norms.0 * norms.1)
    case .cosine:
      let scale = norms.0 * norms.1
      return (1 - (scale > 0 ? dot(q, x) / scale : 0), rounding + 0x1p-22)
    case .squaredEuclidean:
      let sum = zip(q, x).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      return (sum, rounding * sum)
    }
  }

  /// Expects `hits` to be `min(k, allowed)` records, nearest first, of which none is farther than one
  /// that was left out, up to rounding.
  func expect(
    _ hits: [SearchHit], for query: [Float], k: Int, allowed: Set<UInt64>? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let candidates = vectors.filter { allowed?.contains($0.key) ?? true }
    #expect(hits.count == min(k, candidates.count), sourceLocation: sourceLocation)
    #expect(Set(hits.map(\.recordID)).count == hits.count, sourceLocation: sourceLocation)
    #expect(hits == hits.sorted(by: SearchHit.isNearer), sourceLocation: sourceLocation)
    for hit in hits {
      guard let vector = candidates[hit.recordID] else {
        Issue.record("\(hit.recordID) is no record", sourceLocation: sourceLocation)
        continue
      }
      let (value, tolerance) = distance(query, vector)
      #expect(
        abs(Double(hit.distance) - value) <= tolerance + 1e-37, sourceLocation: sourceLocation)
    }
    guard let last = hits.last else { return }
    let found = Set(hits.map(\.recordID))
    for (recordID, vector) in candidates where !found.contains(recordID) {
      let (value, tolerance) = distance(query, vector)
      #expect(
        value + tolerance + 1e-37 >= Double(last.distance), "record \(recordID) is nearer",
        sourceLocation: sourceLocation)
    }
  }
}

extension FlatIndex {
  /// An index of rows in arrays; ids count from 0 if none are given.
  init(_ rows: [[Float]], metric: Metric, ids: [UInt64]? = nil, keepsCodes: Bool = true) throws {
    try self.init(dimension: rows.first?.count ?? 1, metric: metric, keepsCodes: keepsCodes)
    try append(rows, ids: ids ?? rows.indices.map(UInt64.init))
  }

  mutating func append(_ rows: [[Float]], ids: [UInt64], threadCount: Int = 1) throws {
    try append(rows.flatMap { $0 }, recordIDs: ids, threadCount: threadCount)
  }

  func searchBatch(
    _ queries: [[Float]], k: Int, filter: RecordFilter? = nil, threadCount: Int = 1
  ) throws -> [[SearchHit]] {
    try searchBatch(queries.flatMap { $0 }, k: k, filter: filter, threadCount: threadCount)
  }
}

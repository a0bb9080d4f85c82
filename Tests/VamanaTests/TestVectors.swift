import Vamana
import VectorMath

/// Seeded vectors, and exact search over them.
struct TestVectors {
  let count: Int
  let dimension: Int
  let values: [Float]

  /// Vectors in `clusterCount` clusters of a few directions each, like embeddings of texts.
  init(
    count: Int, dimension: Int, clusterCount: Int = 40, spread: Float = 0.6, seed: UInt64
  ) {
    var generator = SeededGenerator(seed: seed)
    func normal() -> Float {
      (0..<6).reduce(Float(0)) { sum, _ in sum + Float.random(in: -1...1, using: &generator) } / 1.4
    }
    let centers = (0..<clusterCount).map { _ in (0..<dimension).map { _ in normal() } }
    self.count = count
    self.dimension = dimension
    values = (0..<count).flatMap { index in
      centers[index % clusterCount].map { $0 + spread * normal() }
    }
  }

  /// The first `baseCount` vectors to index, and the others to ask for.
  func split(at baseCount: Int) -> (base: TestVectors, queries: TestVectors) {
    (
      TestVectors(rows: (0..<baseCount).map(row)), TestVectors(rows: (baseCount..<count).map(row))
    )
  }

  init(rows: [[Float]]) {
    count = rows.count
    dimension = rows.first?.count ?? 1
    values = rows.flatMap { $0 }
  }

  func row(_ index: Int) -> [Float] {
    Array(values[index * dimension..<(index + 1) * dimension])
  }

  func build(
    metric: Metric, recordIDs: [UInt64]? = nil,
    configuration: VamanaConfiguration = VamanaConfiguration(),
    progress: (@Sendable (BuildProgress) -> Bool)? = nil
  ) throws -> SegmentImage {
    try values.withUnsafeBufferPointer {
      try SegmentBuilder.build(
        vectors: $0, dimension: dimension, recordIDs: recordIDs ?? (0..<count).map(UInt64.init),
        metric: metric, model: "test", configuration: configuration, progress: progress)
    }
  }

  func flat(metric: Metric) throws -> FlatIndex {
    var flat = try FlatIndex(dimension: dimension, metric: metric)
    for index in 0..<count {
      try flat.append(row(index), recordID: UInt64(index))
    }
    return flat
  }
}

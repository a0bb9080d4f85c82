import Testing
import VectorMath

@Suite("Distance kernels")
struct KernelTests {
  /// Dimensions around every step width of the kernels.
  static let dimensions = [1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 100, 127, 128, 384, 385]

  @Test("Every instruction set agrees with the scalar reference", arguments: dimensions)
  func agreesWithScalar(dimension: Int) throws {
    var generator = SeededGenerator(seed: UInt64(dimension))
    let rows = 9
    let query = (0..<dimension).map { _ in Float.random(in: -1...1, using: &generator) }
    let matrix = (0..<rows * dimension).map { _ in Float.random(in: -1...1, using: &generator) }
    let ids: [UInt32] = [8, 0, 3, 3, 7, 1]
    let scalar = try #require(DistanceKernels(named: "scalar"))
    for metric in Metric.allCases {
      let expected = distances(scalar, metric, query, matrix, ids)
      for kernels in DistanceKernels.available {
        let got = distances(kernels, metric, query, matrix, ids)
        for (a, b) in zip(got, expected) {
          #expect(abs(a - b) <= 1e-5 * max(1, abs(b)), "\(kernels.name) \(metric) d=\(dimension)")
        }
      }
    }
  }

  @Test("Distances on codes are the same bits on every instruction set", arguments: dimensions)
  func codesAreBitExact(dimension: Int) throws {
    var generator = SeededGenerator(seed: UInt64(1000 + dimension))
    for metric in [Metric.innerProduct, .squaredEuclidean] {
      let table = CodeTable(rows: 7, dimension: dimension, metric: metric, using: &generator)
      let query = (0..<dimension).map { _ in Float.random(in: -1...1, using: &generator) }
      let scalar = try #require(DistanceKernels(named: "scalar"))
      let expected = table.distances(to: query, kernels: scalar).map(\.bitPattern)
      for kernels in DistanceKernels.available {
        let got = table.distances(to: query, kernels: kernels).map(\.bitPattern)
        #expect(got == expected, "\(kernels.name) \(metric) d=\(dimension)")
      }
    }
  }

  @Test("Codes order rows as the exact distances do, up to rounding")
  func codesApproximate() {
    var generator = SeededGenerator(seed: 7)
    let dimension = 96
    for metric in [Metric.innerProduct, .squaredEuclidean] {
      let table = CodeTable(rows: 200, dimension: dimension, metric: metric, using: &generator)
      let query = (0..<dimension).map { _ in Float.random(in: -1...1, using: &generator) }
      let approximate = table.distances(to: query, kernels: .best)
      let exact = distances(.best, metric, query, table.vectors, nil, count: 200)
      // The codes leave out a constant of the query: compare differences.
      let offset = exact[0] - approximate[0]
      for (a, b) in zip(approximate, exact) { #expect(abs(a + offset - b) < 0.25) }
    }
  }

  @Test("Both bytes of a component give distances all but exactly", arguments: dimensions)
  func wideRows(dimension: Int) throws {
    var generator = SeededGenerator(seed: UInt64(2000 + dimension))
    for metric in [Metric.innerProduct, .squaredEuclidean] {
      let table = CodeTable(rows: 7, dimension: dimension, metric: metric, using: &generator)
      let query = (0..<dimension).map { _ in Float.random(in: -1...1, using: &generator) }
      let exact = distances(.best, metric, query, table.vectors, nil, count: 7)
      for kernels in DistanceKernels.available {
        let got = table.wideDistances(to: query, kernels: kernels)
        for (a, b) in zip(got, exact) {
          #expect(
            abs(a - b) <= 4e-5 * Float(dimension).squareRoot(),
            "\(kernels.name) \(metric) d=\(dimension)")
        }
      }
    }
  }

  private func distances(
    _ kernels: DistanceKernels, _ metric: Metric, _ query: [Float], _ matrix: [Float],
    _ ids: [UInt32]?, count: Int? = nil
  ) -> [Float] {
    let count = ids?.count ?? count ?? 0
    var out = [Float](repeating: .nan, count: count)
    if let ids {
      kernels.distances(
        metric, query, matrix, stride: query.count, ids: ids, count: count,
        dimension: query.count, into: &out)
    } else {
      kernels.distances(
        metric, query, matrix, stride: query.count, ids: nil, count: count,
        dimension: query.count, into: &out)
    }
    return out
  }
}

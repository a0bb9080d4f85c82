import Testing
import VectorMath

@Suite("Kernels of exact search")
struct FlatKernelTests {
  /// Rows encoded into groups, with their codes as integers.
  private struct Rows {
    let dimension: Int
    let groupCount: Int
    var high: [UInt8]
    var low: [UInt8]
    var codes: [[Int]] = []

    /// Scans all groups, whole codes or their upper halves.
    func scan(
      _ kernels: DistanceKernels, _ queries: FlatQueries, constants: [Float], ones: [Float],
      errors: [Float], whole: Bool, into hits: FlatHits
    ) {
      // SAFETY: all arrays live through the call, with a value for each row of all groups.
      func scan(
        _ high: UnsafePointer<UInt8>, _ low: UnsafePointer<UInt8>,
        _ constants: UnsafePointer<Float>, _ ones: UnsafePointer<Float>,
        _ errors: UnsafePointer<Float>
      ) {
        let rows = FlatRows(
          high: high, low: whole ? low : nil, constants: constants, scales: ones,
          residuals: errors, norms: errors, groupCount: groupCount, dimension: dimension)
        FlatKernels(kernels).scan(rows, queries, into: hits)
      }
      scan(high, low, constants, ones, errors)
    }

    init(count: Int, dimension: Int, generator: inout SeededGenerator) {
      self.dimension = dimension
      groupCount = (count + FlatKernels.rowsAGroup - 1) / FlatKernels.rowsAGroup
      let groupBytes = FlatKernels.groupBytes(dimension: dimension)
      high = [UInt8](repeating: 0, count: groupCount * groupBytes)
      low = high
      let center = [Float](repeating: 0.25, count: dimension)
      var scratch = [UInt8](repeating: 0, count: FlatKernels.columnCount(dimension: dimension))
      for row in 0..<count {
        let vector = (0..<dimension).map { _ in Float.random(in: -1...1, using: &generator) }
        let start = row / FlatKernels.rowsAGroup * groupBytes
        // SAFETY: planes hold all groups, and `scratch` whole columns.
        let errors = high.withUnsafeMutableBufferPointer { high in
          low.withUnsafeMutableBufferPointer { low in
            FlatKernels.encode(
              vector, center: center, dimension: dimension, lane: row % FlatKernels.rowsAGroup,
              codes: &scratch, high: high.baseAddress! + start, low: low.baseAddress! + start)
          }
        }
        codes.append(scratch.prefix(dimension).map(Int.init))
        expect(errors, of: zip(vector, center).map { $0 - $1 }, codes: scratch)
      }
    }

    private func expect(_ errors: FlatRowErrors, of vector: [Float], codes: [UInt8]) {
      func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
      let decoded = codes.map { Double(errors.scale) * (Double($0) - 128) }
      let upper = codes.map { Double(errors.scale) * (Double($0 & 0xf0) - 120.5) }
      let residual = norm(zip(vector, decoded).map { Double($0) - $1 })
      let highResidual = norm(zip(vector, upper).map { Double($0) - $1 })
      #expect(
        Double(errors.residual) >= residual && Double(errors.residual) < residual * 1.001 + 1e-30)
      #expect(Double(errors.highResidual) >= highResidual)
      #expect(Double(errors.highResidual) < highResidual * 1.001 + 1e-30)
      #expect(Double(errors.norm) >= norm(Array(decoded.prefix(vector.count))))
      #expect(Double(errors.norm) >= norm(Array(upper.prefix(vector.count))))
    }
  }

  @Test(
    "Every instruction set computes the same products, of whole codes and of their upper halves",
    arguments: [1, 2, 7, 8, 9, 17, 31, 64, 100, 385])
  func products(dimension: Int) {
    var generator = SeededGenerator(seed: UInt64(dimension))
    let rows = Rows(count: 70, dimension: dimension, generator: &generator)
    let rowCount = rows.groupCount * FlatKernels.rowsAGroup
    let zeros = [Float](repeating: 0, count: rowCount)
    let ones = [Float](repeating: 1, count: rowCount)
    for queryCount in [1, 4, 5, 17] {
      let queries = FlatQueries(count: queryCount, dimension: dimension)
      for query in 0..<queryCount {
        for axis in 0..<dimension {
          queries.codes[query * queries.columnCount + axis] =
            query == 0 ? 127 : Int8.random(in: -127...127, using: &generator)
        }
        queries.slopes[query] = 1
      }
      for whole in [false, true] {
        let hits = FlatHits(capacity: rowCount * queryCount)
        for kernels in DistanceKernels.available {
          rows.scan(
            kernels, queries, constants: zeros, ones: ones, errors: zeros, whole: whole, into: hits)
          #expect(hits.count == rowCount * queryCount, "\(kernels.name)")
          for hit in (0..<hits.count).map({ hits[$0] }) where hit.row < rows.codes.count {
            let codes = rows.codes[hit.row].map { whole ? $0 : $0 >> 4 }
            let product = codes.enumerated().reduce(0) {
              $0 + $1.element * Int(queries.codes[hit.query * queries.columnCount + $1.offset])
            }
            // Whole numbers this small are exact.
            if hit.estimate != Float(product) || hit.bound != hit.estimate {
              Issue.record("\(kernels.name): \(hit) of \(queryCount); expected \(product)")
            }
          }
        }
      }
    }
  }

  @Test("A scan keeps what is not above the threshold, and reports bound and estimate")
  func thresholds() {
    var generator = SeededGenerator(seed: 5)
    let rows = Rows(count: 64, dimension: 24, generator: &generator)
    let constants = (0..<64).map { Float($0) }
    let ones = [Float](repeating: 1, count: 64)
    let queries = FlatQueries(count: 3, dimension: 24)
    for query in 0..<3 {
      queries.residualFactors[query] = -2
      queries.normFactors[query] = -0.5
      queries.offsets[query] = Float(query)
      queries.thresholds[query] = 20
    }
    queries.thresholds[2] = .nan
    let hits = FlatHits(capacity: 3 * 64)
    for kernels in DistanceKernels.available {
      for whole in [false, true] {
        rows.scan(
          kernels, queries, constants: constants, ones: ones, errors: ones, whole: whole, into: hits
        )
        let found = (0..<hits.count).map { hits[$0] }
        #expect(Set(found.filter { $0.query == 0 }.map(\.row)) == Set(0...22), "\(kernels.name)")
        #expect(Set(found.filter { $0.query == 1 }.map(\.row)) == Set(0...21), "\(kernels.name)")
        #expect(found.filter { $0.query == 2 }.count == 64, "\(kernels.name)")
        for hit in found {
          #expect(hit.estimate == Float(hit.row + hit.query) && hit.bound == hit.estimate - 2.5)
        }
      }
    }
  }
}

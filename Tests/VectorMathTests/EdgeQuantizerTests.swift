import Testing
import VectorMath

@Suite("Codes of edges")
struct EdgeQuantizerTests {
  static let shapes = [
    EdgeCodeShape(groups4: 0, groups2: 0, groups1: 1),
    EdgeCodeShape(groups4: 2, groups2: 1, groups1: 1),
    EdgeCodeShape(groups4: 4, groups2: 0, groups1: 0),
    EdgeCodeShape(groups4: 0, groups2: 3, groups1: 0),
    EdgeCodeShape(groups4: 4, groups2: 12, groups1: 2),
  ]

  @Test("Estimates are the same bits on every instruction set", arguments: shapes)
  func bitExact(shape: EdgeCodeShape) throws {
    let fixture = EdgeFixture(shape: shape, seed: UInt64(shape.axisCount))
    let scalar = try #require(DistanceKernels(named: "scalar"))
    let expected = fixture.estimates(kernels: scalar, below: .infinity)
    #expect(expected.count == EdgeFixture.edgeCount)
    let median = expected.map(\.distance).sorted()[expected.count / 2]
    for kernels in DistanceKernels.available {
      for threshold in [Float.infinity, median] {
        let got = fixture.estimates(kernels: kernels, below: threshold)
        let wanted = expected.filter { $0.distance < threshold }
        #expect(got.map(\.place) == wanted.map(\.place), "\(kernels.name)")
        #expect(
          got.map(\.distance.bitPattern) == wanted.map(\.distance.bitPattern), "\(kernels.name)")
      }
    }
  }

  @Test("Estimates follow the true distances, closer with more bits")
  func accuracy() {
    var errors: [Double] = []
    for (groups4, groups2, groups1) in [(0, 0, 3), (0, 6, 0), (12, 0, 0)] {
      let shape = EdgeCodeShape(groups4: groups4, groups2: groups2, groups1: groups1)
      let fixture = EdgeFixture(shape: shape, seed: 5)
      let estimates = fixture.estimates(kernels: .best, below: .infinity)
      let squares = estimates.map { estimate in
        let error = Double(estimate.distance - fixture.trueDistance(to: estimate.place))
        return error * error
      }
      errors.append((squares.reduce(0, +) / Double(squares.count)).squareRoot())
    }
    print("seed 5: root mean square errors with 1, 2 and 4 bits: \(errors)")
    #expect(errors[1] < errors[0] && errors[2] < errors[1])
    #expect(errors[2] < 0.12 * Double(fixtureScale))
  }

  private var fixtureScale: Float { 96 }

  @Test("The shape is the smallest that loses no more than asked, within its bytes")
  func choice() {
    let flat = [Float](repeating: 1, count: 128)
    let two = EdgeCodeShape.choose(variances: flat, distortion: 0.12, byteCountMax: 64)
    #expect(two == EdgeCodeShape(groups4: 0, groups2: 8, groups1: 0))
    let capped = EdgeCodeShape.choose(variances: flat, distortion: 0.12, byteCountMax: 16)
    #expect(capped.blockByteCount / EdgeCodeShape.laneCount <= 16)
    // Nearly all variance in a few axes: the others get no bits.
    let steep = (0..<256).map { Float(1) / Float(1 << min(60, $0 / 4)) }
    let few = EdgeCodeShape.choose(variances: steep, distortion: 0.12, byteCountMax: 64)
    #expect(few.axisCount <= 48)
    for dimension in [1, 3, 17] {
      let small = EdgeCodeShape.choose(
        variances: [Float](repeating: 0, count: dimension), distortion: 0.1, byteCountMax: 8)
      #expect(small.axisCount >= dimension)
    }
  }

  @Test("A rotated query has the products of the query with the axes")
  func rotation() {
    var generator = SeededGenerator(seed: 9)
    for dimension in [1, 5, 33, 96] {
      let axes = (0..<dimension * dimension).map { _ in
        Float.random(in: -1...1, using: &generator)
      }
      let fixture = RotationFixture(axes: axes, axisCount: 32, dimension: dimension)
      let query = (0..<dimension).map { _ in Float.random(in: -1...1, using: &generator) }
      for kernels in DistanceKernels.available {
        let rotated = fixture.rotate(query, kernels: kernels)
        for axis in 0..<min(32, dimension) {
          var expected: Float = 0
          for column in 0..<dimension {
            expected += axes[axis * dimension + column] * query[column]
          }
          #expect(
            abs(rotated[axis] - expected) < 0.02 * Float(dimension).squareRoot(),
            "\(kernels.name) d=\(dimension)")
        }
      }
    }
  }
}

/// Edges from one node among random vectors, under squared Euclidean distances.
private struct EdgeFixture {
  static let edgeCount = 37
  let shape: EdgeCodeShape
  private let rotation: RotationFixture
  private let quantizer: EdgeQuantizer
  private let source: [Float]
  private let targets: [[Float]]
  private let query: [Float]
  private var codes: [UInt8] = []
  private var factorsA: [UInt16] = []
  private var factorsB: [UInt16] = []

  init(shape: EdgeCodeShape, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let dimension = shape.axisCount
    func vector() -> [Float] {
      (0..<dimension).map { _ in Float.random(in: -1...1, using: &generator) }
    }
    self.shape = shape
    let axes = (0..<dimension * dimension).map { $0 / dimension == $0 % dimension ? Float(1) : 0 }
    rotation = RotationFixture(axes: axes, axisCount: dimension, dimension: dimension)
    source = vector()
    targets = (0..<Self.edgeCount).map { _ in vector() }
    query = vector()
    quantizer = EdgeQuantizer(
      shape: shape, rotation: rotation.rotation,
      deviations: [Float](repeating: 0.8, count: dimension), unitA: Float(dimension))
    let blocks = (Self.edgeCount + EdgeCodeShape.laneCount - 1) / EdgeCodeShape.laneCount
    codes = [UInt8](repeating: 0, count: blocks * shape.blockByteCount)
    factorsA = [UInt16](
      repeating: EdgeQuantizer.noEdge, count: blocks * EdgeCodeShape.laneCount)
    factorsB = [UInt16](repeating: 0, count: blocks * EdgeCodeShape.laneCount)
    encode()
  }

  private mutating func encode() {
    let flat = targets.flatMap { $0 }
    let source = source
    let dimension = shape.axisCount
    flat.withUnsafeBufferPointer { flat in
      let edges = targets.indices.map { index in
        let length = Self.squaredDistance(targets[index], source)
        return EdgeQuantizer.Edge(
          target: flat.baseAddress! + index * dimension, squaredLength: length, change: length)
      }
      quantizer.encode(
        edges, from: source, slope: -2, kernels: .best, codes: &codes, factorsA: &factorsA,
        factorsB: &factorsB)
    }
  }

  func trueDistance(to place: Int) -> Float { Self.squaredDistance(targets[place], query) }

  func estimates(
    kernels: DistanceKernels, below threshold: Float
  ) -> [(place: Int, distance: Float)] {
    var queryCodes = [Int8](repeating: 0, count: shape.axisCount)
    let (scale, offset) = quantizer.encodeQuery(
      rotated: rotation.rotate(query, kernels: kernels), into: &queryCodes, kernels: kernels)
    var places = [UInt32](repeating: 0, count: factorsA.count)
    var distances = [Float](repeating: 0, count: factorsA.count)
    let found = queryCodes.withUnsafeBufferPointer { codes in
      kernels.scoreEdges(
        DistanceKernels.EdgeQuery(
          codes: codes.baseAddress!, shape: shape, unitA: quantizer.unitA, scale: scale,
          offset: offset),
        base: Self.squaredDistance(source, query), codes: self.codes, a: factorsA, b: factorsB,
        blockCount: factorsA.count / EdgeCodeShape.laneCount, below: threshold, places: &places,
        distances: &distances)
    }
    return (0..<found).map { (Int(places[$0]), distances[$0]) }
  }

  private static func squaredDistance(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }
}

/// A rotation with memory of its own.
private final class RotationFixture {
  let rotation: AxisRotation
  private let quantizer: ByteQuantizer

  private final class Matrix {
    let base: UnsafeMutablePointer<Int8>
    init(byteCount: Int) { base = .allocate(capacity: byteCount) }
    deinit { base.deallocate() }
  }

  init(axes: [Float], axisCount: Int, dimension: Int) {
    let matrix = Matrix(
      byteCount: AxisRotation.matrixByteCount(axisCount: axisCount, dimension: dimension))
    let scales = AxisRotation.write(
      axes: axes, axisCount: axisCount, dimension: dimension, into: matrix.base)
    rotation = AxisRotation(
      matrix: matrix.base, owner: matrix, axisCount: axisCount, dimension: dimension,
      scales: scales, center: nil)
    quantizer = ByteQuantizer(
      metric: .squaredEuclidean, center: [Float](repeating: 0, count: dimension))
  }

  func rotate(_ query: [Float], kernels: DistanceKernels) -> [Float] {
    var codes = [Int8](repeating: 0, count: query.count)
    let (scale, _) = quantizer.encode(query: query, into: &codes, kernels: kernels)
    var unsigned = [UInt8](repeating: 0, count: query.count + 4)
    var products = [Int32](repeating: 0, count: rotation.axisCount)
    var out = [Float](repeating: 0, count: rotation.axisCount)
    rotation.rotate(
      codes, scale: scale, unsigned: &unsigned, products: &products, into: &out, kernels: kernels)
    return out
  }
}

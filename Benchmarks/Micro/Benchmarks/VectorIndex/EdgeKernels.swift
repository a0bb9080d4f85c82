import Benchmark
import VectorMath

/// Codes of edges: scoring those of a node, encoding them, and the rotation of a query (one product of a
/// matrix of bytes with a vector).
func registerEdgeKernels() {
  for dimension in BenchmarkSize.dimensions {
    let shape = EdgeNode.shape(dimension: dimension)
    let name = "d=\(dimension) (\(shape.blockByteCount / EdgeCodeShape.laneCount) bytes an edge)"

    Benchmark("score 32 edges \(name)", configuration: BenchmarkSize.kernels) { benchmark in
      let node = EdgeNode(dimension: dimension)
      let (codes, a, b) = node.encoded()
      var queryCodes = [Int8](repeating: 0, count: shape.axisCount)
      let (scale, offset) = node.quantizer.encodeQuery(
        rotated: node.rotatedQuery, into: &queryCodes, kernels: .best)
      var places = [UInt32](repeating: 0, count: rowsACall)
      var distances = [Float](repeating: 0, count: rowsACall)
      let kernels = DistanceKernels.best
      queryCodes.withUnsafeBufferPointer { queryCodes in
        let query = DistanceKernels.EdgeQuery(
          codes: queryCodes.baseAddress!, shape: shape, unitA: node.quantizer.unitA, scale: scale,
          offset: offset)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
          blackHole(
            kernels.scoreEdges(
              query, base: 1, codes: codes, a: a, b: b,
              blockCount: rowsACall / EdgeCodeShape.laneCount, below: .infinity, places: &places,
              distances: &distances))
        }
        benchmark.stopMeasurement()
      }
      blackHole(distances)
    }

    Benchmark("encode 32 edges \(name)", configuration: BenchmarkSize.kernels) { benchmark in
      let node = EdgeNode(dimension: dimension)
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations { blackHole(node.encoded()) }
      benchmark.stopMeasurement()
    }

    Benchmark("rotate query d=\(dimension)", configuration: BenchmarkSize.kernels) { benchmark in
      let node = EdgeNode(dimension: dimension)
      let codes = (0..<dimension).map { Int8(truncatingIfNeeded: $0 * 7) }
      var unsigned = [UInt8](repeating: 0, count: dimension + 4)
      var products = [Int32](repeating: 0, count: shape.axisCount)
      var out = [Float](repeating: 0, count: shape.axisCount)
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        node.quantizer.rotation.rotate(
          codes, scale: 0.01, unsigned: &unsigned, products: &products, into: &out, kernels: .best)
      }
      benchmark.stopMeasurement()
      blackHole(out)
    }
  }
}

/// A node with 32 neighbours.
private struct EdgeNode {
  let quantizer: EdgeQuantizer
  let rotatedQuery: [Float]
  private let source: [Float]
  private let targets: [Float]

  /// What builds choose for texts of these dimensions: 2 bits for the first of the axes, 1 for others.
  static func shape(dimension: Int) -> EdgeCodeShape {
    EdgeCodeShape(groups4: 0, groups2: dimension / 64, groups1: dimension / 64)
  }

  init(dimension: Int) {
    var random = RandomRows(seed: 3)
    let shape = Self.shape(dimension: dimension)
    let matrix = RotationMatrix(axisCount: shape.axisCount, dimension: dimension)
    let scales = AxisRotation.write(
      axes: random.floats(shape.axisCount * dimension), axisCount: shape.axisCount,
      dimension: dimension, into: matrix.base)
    quantizer = EdgeQuantizer(
      shape: shape,
      rotation: AxisRotation(
        matrix: matrix.base, owner: matrix, axisCount: shape.axisCount, dimension: dimension,
        scales: scales, center: nil),
      deviations: [Float](repeating: 1, count: shape.axisCount), unitA: Float(shape.axisCount))
    source = random.floats(shape.axisCount)
    targets = random.floats(rowsACall * shape.axisCount)
    rotatedQuery = random.floats(shape.axisCount)
  }

  func encoded() -> (codes: [UInt8], a: [UInt16], b: [UInt16]) {
    let shape = quantizer.shape
    var codes = [UInt8](
      repeating: 0, count: rowsACall / EdgeCodeShape.laneCount * shape.blockByteCount)
    var a = [UInt16](repeating: 0, count: rowsACall)
    var b = a
    targets.withUnsafeBufferPointer { targets in
      let edges = (0..<rowsACall).map {
        EdgeQuantizer.Edge(
          target: targets.baseAddress! + $0 * shape.axisCount, squaredLength: 2, change: 2)
      }
      quantizer.encode(
        edges, from: source, slope: -2, kernels: .best, codes: &codes, factorsA: &a, factorsB: &b)
    }
    return (codes, a, b)
  }
}

/// The bytes of a rotation.
private final class RotationMatrix {
  // SAFETY: `base` has as many bytes as a rotation of this size reads, freed with the object.
  let base: UnsafeMutablePointer<Int8>

  init(axisCount: Int, dimension: Int) {
    base = .allocate(
      capacity: AxisRotation.matrixByteCount(axisCount: axisCount, dimension: dimension))
  }

  deinit { base.deallocate() }
}

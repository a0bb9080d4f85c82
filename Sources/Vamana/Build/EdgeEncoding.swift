internal import VectorMath

/// The codes of a graph's edges: chosen from the data, then written into the node records.
///
/// Axes are the principal axes of the vectors, bits go to the axes along which edges differ most.
struct EdgeEncoding {
  let metric: Metric
  let vectors: FloatMatrix
  let center: [Float]
  let graph: ProximityGraph
  let workers: Workers

  private var dimension: Int { vectors.dimension }

  /// The share of the edges' variance that their codes may lose.
  ///
  /// The error of an estimate falls with the number of directions that it is spread over, and where there
  /// are few, neighbours differ less: such data need finer codes. At the 220 directions of texts in 384
  /// dimensions, 0.13 makes a walk as sure of its way as exact distances do, to within a twentieth of the
  /// hops; at the 128 of Gaussian clusters 0.045 is better than 0.08; below 0.03 nothing was gained (see
  /// Benchmarks).
  ///
  /// - Parameter variances: along the principal axes. Their participation ratio (Σv)² / Σv² is the number
  ///   of directions.
  static func distortion(variances: [Float]) -> Double {
    let sum = variances.reduce(0.0) { $0 + Double($1) }
    let squares = variances.reduce(0.0) { $0 + Double($1) * Double($1) }
    guard squares > 0 else { return 0.13 }
    let directions = sum * sum / squares
    return min(0.2, max(0.03, 0.13 * (directions / 220) * (directions / 220)))
  }

  /// Rows sampled for the axes. From too few, noise along the last axes looks uneven, and gets bits.
  private static let sampleCountMax = 10_000
  /// Edges sampled for the variances: enough for each within a few percent.
  private static let sampledEdgeCountMax = 4096
  private static let edgesAPiece = 256

  /// The most bytes of one edge's code: 1.5 bits a dimension, and up to 4 where there are few.
  static func byteCountMax(dimension: Int) -> Int {
    max(dimension * 3 / 16, min(dimension / 2, 64), 8)
  }

  struct Choice {
    var shape: EdgeCodeShape
    var axes: [Float]
    /// Of the edges along each axis.
    var deviations: [Float]
    /// The mean squared length of an edge.
    var unitA: Float
    var typicalLength: Float
  }

  func choose() -> Choice {
    let step = max(1, vectors.count / Self.sampleCountMax)
    let sampled = Array(stride(from: 0, to: vectors.count, by: step).map(UInt32.init))
    let rows = FloatBuffer(count: sampled.count * dimension)
    sampled.withUnsafeBufferPointer { vectors.gather($0, into: rows.base) }
    let principal = PrincipalAxes(
      of: rows.base, count: sampled.count, dimension: dimension, center: center,
      workers: workers)
    let (variances, meanSquare) = edgeVariances(sampled, axes: principal.axes)
    let shape = EdgeCodeShape.choose(
      variances: variances, distortion: Self.distortion(variances: variances),
      byteCountMax: Self.byteCountMax(dimension: dimension))
    let norms = FloatMatrix(base: rows.base, count: sampled.count, dimension: dimension)
      .squaredNorms()
    let squares = (0..<sampled.count).reduce(0.0) { $0 + Double(norms.base[$1]) }
    return Choice(
      shape: shape, axes: principal.axes, deviations: variances.map { $0.squareRoot() },
      unitA: meanSquare > 0 ? meanSquare : 1,
      typicalLength: Float((squares / Double(max(1, sampled.count))).squareRoot()))
  }

  /// The mean squares of the differences along each axis, over one edge of each sampled node.
  private func edgeVariances(
    _ sampled: [UInt32], axes: [Float]
  ) -> (variances: [Float], meanSquare: Float) {
    let dimension = dimension
    let nodes = sampled.enumerated()
      .filter { !graph.neighbors(of: Int($1)).isEmpty }
      .prefix(Self.sampledEdgeCountMax)
    let pieceCount = (nodes.count + Self.edgesAPiece - 1) / Self.edgesAPiece
    let sums = FloatBuffer(count: pieceCount * dimension)
    workers.run(pieces: pieceCount) { piece, _ in
      let part = nodes.dropFirst(piece * Self.edgesAPiece).prefix(Self.edgesAPiece)
      let differences = FloatBuffer(count: part.count * dimension)
      for (row, (index, node)) in part.enumerated() {
        let neighbors = graph.neighbors(of: Int(node))
        let target = vectors.row(Int(neighbors[index % neighbors.count].node))
        let source = vectors.row(Int(node))
        let out = differences.base + row * dimension
        for axis in 0..<dimension { out[axis] = target[axis] - source[axis] }
      }
      let rotated = FloatBuffer(count: part.count * dimension)
      BLAS.multiplyTransposed(
        differences.base, axes, into: rotated.base, m: part.count, n: dimension, k: dimension)
      let out = sums.base + piece * dimension
      out.update(repeating: 0, count: dimension)
      for row in 0..<part.count {
        let line = rotated.base + row * dimension
        for axis in 0..<dimension { out[axis] += line[axis] * line[axis] }
      }
    }
    let variances = (0..<dimension).map { axis in
      let sum = (0..<pieceCount).reduce(0.0) { $0 + Double(sums.base[$1 * dimension + axis]) }
      return Float(sum / Double(max(1, nodes.count)))
    }
    return (variances, variances.reduce(0, +))
  }

  /// All vectors, centred and rotated to the axes that have codes.
  func rotated(by rotation: AxisRotation) -> FloatBuffer {
    let axisCount = rotation.axisCount
    let dimension = vectors.dimension
    let out = FloatBuffer(count: vectors.count * axisCount)
    let rows = rotation.floatRows()
    let blockRows = 256
    let count = vectors.count
    let vectors = vectors
    let center = center
    workers.run(pieces: (count + blockRows - 1) / blockRows) { piece, _ in
      let start = piece * blockRows
      let height = min(blockRows, count - start)
      let centred = FloatBuffer(count: height * dimension)
      for row in 0..<height {
        let source = vectors.row(start + row)
        let target = centred.base + row * dimension
        for axis in 0..<dimension { target[axis] = source[axis] - center[axis] }
      }
      BLAS.multiplyTransposed(
        centred.base, rows, into: out.base + start * axisCount, m: height, n: axisCount,
        k: dimension)
    }
    return out
  }

  /// Writes the edges of every node, and those from the centre to the entry points.
  func write(
    by quantizer: EdgeQuantizer, entryPoints: [UInt32], to writer: SegmentWriter,
    control: BuildControl
  ) throws(VamanaError) {
    let rotated = rotated(by: quantizer.rotation)
    let norms = vectors.squaredNorms()
    writeEntries(entryPoints, by: quantizer, rotated: rotated, norms: norms, to: writer)
    let layout = writer.layout.node
    let count = vectors.count
    let nodesAPiece = 256
    control.begin(.encoding, of: count)
    workers.run(pieces: (count + nodesAPiece - 1) / nodesAPiece) { piece, _ in
      guard !control.isCancelled else { return }
      let end = min(count, (piece + 1) * nodesAPiece)
      for node in piece * nodesAPiece..<end {
        let ids = graph.neighbors(of: node).map(\.node)
        writer.write(neighbors: ids, of: node)
        guard layout.blockCount > 0 else { continue }
        let edges = edges(
          to: ids, from: vectors.row(node), norm: norms.base[node], rotated: rotated, norms: norms,
          axisCount: quantizer.shape.axisCount)
        let record = writer.node(node)
        encode(
          edges, from: rotated.base + node * quantizer.shape.axisCount, by: quantizer,
          codes: record + layout.codesOffset, a: record + layout.factorAOffset,
          b: record + layout.factorBOffset, slotCount: layout.slotCount)
      }
      control.advance(by: end - piece * nodesAPiece)
    }
    try control.check()
  }

  /// - Parameter source: the node that the edges leave, `norm` its squared length.
  func edges(
    to ids: [UInt32], from source: UnsafePointer<Float>, norm: Float, rotated: FloatBuffer,
    norms: FloatBuffer, axisCount: Int
  ) -> [EdgeQuantizer.Edge] {
    let kernels = DistanceKernels.best
    let euclidean = metric == .squaredEuclidean
    let values = [Float](unsafeUninitializedCapacity: ids.count) { buffer, filled in
      guard let out = buffer.baseAddress else { return }
      if euclidean {
        kernels.squaredEuclideanDistances(
          source, vectors.base, stride: vectors.dimension, ids: ids, count: ids.count,
          dimension: vectors.dimension, into: out)
      } else {
        kernels.dotProducts(
          source, vectors.base, stride: vectors.dimension, ids: ids, count: ids.count,
          dimension: vectors.dimension, into: out)
      }
      filled = ids.count
    }
    // Not |p|² + |v|² − 2⟨p, v⟩: that cancels far from the origin.
    let lengths = euclidean ? values : squaredDistances(from: source, to: ids)
    return zip(ids, zip(values, lengths)).map { id, measured in
      let (value, length) = measured
      return
        EdgeQuantizer.Edge(
          target: rotated.base + Int(id) * axisCount,
          squaredLength: length, change: euclidean ? value : norm - value)
    }
  }

  private func squaredDistances(from source: UnsafePointer<Float>, to ids: [UInt32]) -> [Float] {
    [Float](unsafeUninitializedCapacity: ids.count) { buffer, filled in
      guard let out = buffer.baseAddress else { return }
      DistanceKernels.best.squaredEuclideanDistances(
        source, vectors.base, stride: vectors.dimension, ids: ids, count: ids.count,
        dimension: vectors.dimension, into: out)
      filled = ids.count
    }
  }

  /// Writes the codes and factors of `edges`, and marks the places without one.
  func encode(
    _ edges: [EdgeQuantizer.Edge], from source: UnsafePointer<Float>, by quantizer: EdgeQuantizer,
    codes: UnsafeMutableRawPointer, a: UnsafeMutableRawPointer, b: UnsafeMutableRawPointer,
    slotCount: Int
  ) {
    // SAFETY: the caller's sections have room for `slotCount` edges, zeroed.
    let factorsA = a.assumingMemoryBound(to: UInt16.self)
    let factorsB = b.assumingMemoryBound(to: UInt16.self)
    quantizer.encode(
      edges, from: source, slope: metric == .squaredEuclidean ? -2 : -1, kernels: .best,
      codes: codes.assumingMemoryBound(to: UInt8.self), factorsA: factorsA, factorsB: factorsB)
    for slot in edges.count..<max(slotCount, edges.count) {
      factorsA[slot] = EdgeQuantizer.noEdge
    }
  }
}

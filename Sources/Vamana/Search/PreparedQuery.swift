internal import VectorMath

/// A query in the forms that a walk needs.
struct PreparedQuery {
  /// What a step of the query's bytes is worth, and the sum of the bytes.
  var scale: Float
  var sum: Int32
  var edge: DistanceKernels.EdgeQuery
  /// What the query was multiplied by before it was encoded, 1 unless for inner products.
  var lengthFactor: Float
  /// Added to what ``DistanceKernels/wideProducts`` gives for the exact distance.
  var exactConstant: Float
  /// For ``SearchRadius``.
  var squareOrigin: Float
  var leastSquare: Float

  /// The distance that a result of ``DistanceKernels/wideProducts`` stands for.
  @inline(__always)
  func distance(ofProduct product: Float, metric: Metric) -> Float {
    metric.distance(ofProduct: product, constant: exactConstant)
  }
}

extension Metric {
  /// The distance that a result of ``DistanceKernels/wideProducts`` stands for.
  ///
  /// - Parameter constant: from ``NavigableSegment/prepareExact(_:scratch:)``.
  @inline(__always)
  func distance(ofProduct product: Float, constant: Float) -> Float {
    switch self {
    case .squaredEuclidean: product
    case .innerProduct: -(product + constant)
    case .cosine: 1 - (product + constant)
    }
  }
}

extension NavigableSegment {
  private var dimension: Int { layout.header.dimension }
  private var metric: Metric { layout.header.metric }

  /// Checks a query and brings it into the forms of a walk.
  func prepare(
    _ query: UnsafeBufferPointer<Float>, scratch: SearchScratch, parameters: WalkParameters
  ) throws(VamanaError) -> PreparedQuery {
    let shape = layout.header.edgeShape
    let reachedCount = min(parameters.rerankCount, max(nodeCount, 1))
    scratch.prepare(
      dimension: dimension, axisCount: shape.axisCount,
      capacity: min(parameters.capacity, max(nodeCount, 1)), reachedCount: reachedCount,
      batchSize: max(
        layout.node.slotCount, layout.entryBlockCount * EdgeCodeShape.laneCount, reachedCount))
    let exactConstant = try prepareExact(query, scratch: scratch)
    // SAFETY: `prepare` made room for every block written below.
    let own = scratch.query.base
    let factor = metric == .innerProduct ? scaleToTypicalLength(own) : 1
    let (scale, sum) = quantizer.encode(
      query: own, into: scratch.queryCodes.base, kernels: kernels)
    edgeQuantizer.rotation.rotate(
      scratch.queryCodes.base, scale: scale, unsigned: scratch.unsignedCodes.base,
      products: scratch.products.base, into: scratch.rotated.base, kernels: kernels)
    let (edgeScale, offset) = edgeQuantizer.encodeQuery(
      rotated: scratch.rotated.base, into: scratch.edgeCodes.base, kernels: kernels)
    let unit = edgeQuantizer.unitA
    return PreparedQuery(
      scale: scale, sum: sum,
      edge: DistanceKernels.EdgeQuery(
        codes: scratch.edgeCodes.base, shape: shape, unitA: unit,
        scale: edgeScale, offset: offset),
      lengthFactor: factor,
      exactConstant: exactConstant,
      squareOrigin: squareOrigin(own, exact: scratch.exactQuery.base, factor * exactConstant),
      leastSquare: unit / Self.leastSquareDivisor)
  }

  /// Neighbours are the length of an edge apart: what is nearer than a small part of it is a copy.
  private static var leastSquareDivisor: Float { 32 }

  /// What is to be added to the distance of a vector to have its squared distance from the query (half of it
  /// for inner products, with vectors taken to be of typical length).
  private func squareOrigin(
    _ query: UnsafePointer<Float>, exact: UnsafePointer<Float>, _ centerProduct: Float
  ) -> Float {
    guard metric != .squaredEuclidean else { return square(of: exact) }
    let typicalLength = layout.header.typicalLength
    return (square(of: query) + typicalLength * typicalLength) / 2 - centerProduct
  }

  private func square(of vector: UnsafePointer<Float>) -> Float {
    var square: Float = 0
    kernels.dotProducts(
      vector, vector, stride: 0, ids: nil, count: 1, dimension: dimension, into: &square)
    return square
  }

  /// Checks a query and writes what exact distances are computed from.
  ///
  /// - Returns: what is to be added to what ``DistanceKernels/wideProducts`` gives.
  func prepareExact(
    _ query: UnsafeBufferPointer<Float>, scratch: SearchScratch
  ) throws(VamanaError) -> Float {
    guard query.count == dimension else {
      throw .dimensionMismatch(got: query.count, expected: dimension)
    }
    guard VectorValues.areUsable(query) else { throw .notFinite(row: 0) }
    scratch.prepareExact(dimension: dimension)
    // SAFETY: there is room for the query in both blocks now.
    let own = scratch.query.base
    own.update(from: query.baseAddress!, count: dimension)
    if metric == .cosine { VectorValues.scaleToUnitLength(own, count: dimension) }
    return writeExact(scratch)
  }

  private func writeExact(_ scratch: SearchScratch) -> Float {
    let query = scratch.query.base
    let out = scratch.exactQuery.base
    return quantizer.center.withUnsafeBufferPointer { center in
      guard metric != .squaredEuclidean else {
        for axis in 0..<dimension { out[axis] = query[axis] - center[axis] }
        return 0
      }
      for axis in 0..<dimension { out[axis] = query[axis] }
      var product: Float = 0
      kernels.dotProducts(
        query, center.baseAddress!, stride: 0, ids: nil, count: 1, dimension: dimension,
        into: &product)
      return product
    }
  }

  /// Gives the query the length of the indexed vectors: the order of inner products does not depend on
  /// it, while estimates along edges are best near the data.
  ///
  /// - Returns: what it was multiplied by.
  private func scaleToTypicalLength(_ query: UnsafeMutablePointer<Float>) -> Float {
    let factor = layout.header.typicalLength / square(of: query).squareRoot()
    guard factor.isFinite, factor > 0 else { return 1 }
    for axis in 0..<dimension { query[axis] *= factor }
    return factor
  }
}

internal import CVectorKernels

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The distance kernels of one instruction set.
///
/// Every function scores many rows in one call: a call per distance would cost as much as the
/// distance. Rows stand at `base + id · stride`; the caller has checked that every id lies within the
/// matrix. Pass nil for `ids` to score rows 0, 1, 2, …
public struct DistanceKernels: @unchecked Sendable {
  // SAFETY: points to a constant table of function pointers in the C target.
  let table: UnsafePointer<engram_kernel_table>

  /// The kernels for this machine: the fastest it can run, or those that the environment variable
  /// `ENGRAM_ISA` names (`avx512vnni`, `avx512`, `avx2`, `neon`, `scalar`) if it can run them.
  public static let best: DistanceKernels = {
    if let name = getenv("ENGRAM_ISA"), let kernels = DistanceKernels(named: String(cString: name))
    {
      return kernels
    }
    return DistanceKernels(table: engram_kernels_best())
  }()

  /// The kernels for every instruction set that this machine can run, the scalar reference last.
  public static var available: [DistanceKernels] {
    ["avx512vnni", "avx512", "avx2", "neon", "scalar"].compactMap(DistanceKernels.init(named:))
  }

  private init(table: UnsafePointer<engram_kernel_table>) { self.table = table }

  /// The kernels for the instruction set `name`, or nil if this machine cannot run them.
  public init?(named name: String) {
    guard let table = engram_kernels_named(name) else { return nil }
    self.table = table
  }

  public var name: String { String(cString: table.pointee.name) }

  /// `out[i] = q · row(ids[i])`.
  ///
  /// - Parameters:
  ///   - query: `dimension` floats.
  ///   - base: the first row; rows are `stride` floats apart.
  ///   - out: room for `count` floats.
  public func dotProducts(
    _ query: UnsafePointer<Float>, _ base: UnsafePointer<Float>, stride: Int,
    ids: UnsafePointer<UInt32>?, count: Int, dimension: Int, into out: UnsafeMutablePointer<Float>
  ) {
    table.pointee.dot_f32(query, base, stride, ids, count, dimension, out)
  }

  /// `out[i] = Σ (q − row(ids[i]))²`.
  public func squaredEuclideanDistances(
    _ query: UnsafePointer<Float>, _ base: UnsafePointer<Float>, stride: Int,
    ids: UnsafePointer<UInt32>?, count: Int, dimension: Int, into out: UnsafeMutablePointer<Float>
  ) {
    table.pointee.squared_euclidean_f32(query, base, stride, ids, count, dimension, out)
  }

  /// Distances in `metric` from a query to rows of floats. For cosine, query and rows have unit
  /// length.
  public func distances(
    _ metric: Metric, _ query: UnsafePointer<Float>, _ base: UnsafePointer<Float>, stride: Int,
    ids: UnsafePointer<UInt32>?, count: Int, dimension: Int, into out: UnsafeMutablePointer<Float>
  ) {
    switch metric {
    case .squaredEuclidean:
      squaredEuclideanDistances(
        query, base, stride: stride, ids: ids, count: count, dimension: dimension, into: out)
    case .innerProduct:
      dotProducts(
        query, base, stride: stride, ids: ids, count: count, dimension: dimension, into: out)
      for index in 0..<count { out[index] = -out[index] }
    case .cosine:
      dotProducts(
        query, base, stride: stride, ids: ids, count: count, dimension: dimension, into: out)
      for index in 0..<count { out[index] = 1 - out[index] }
    }
  }

  /// Approximate distances from a query to rows of ``ByteQuantizer`` codes.
  ///
  /// - Parameters:
  ///   - query: `dimension` signed bytes from ``ByteQuantizer/encode(query:into:)``.
  ///   - base: the first row; rows are `stride` bytes apart.
  public func codeDistances(
    _ query: UnsafePointer<Int8>, scale: Float, sum: Int32, _ base: UnsafePointer<UInt8>,
    stride: Int, ids: UnsafePointer<UInt32>?, count: Int, dimension: Int,
    into out: UnsafeMutablePointer<Float>
  ) {
    table.pointee.code_distance(query, sum, base, stride, ids, count, dimension, scale, out)
  }

  /// Exact distances from rows of ``ByteQuantizer`` codes and their low bytes, without what is the same
  /// for all rows: `query · row` or `|query − row|²` of the centred rows.
  ///
  /// - Parameters:
  ///   - query: `dimension` floats, centred for squared Euclidean distances.
  ///   - base: the first row of codes; rows are `stride` bytes apart.
  ///   - low: the first row of low bytes; rows are `lowStride` bytes apart.
  public func wideProducts(
    _ metric: Metric, _ query: UnsafePointer<Float>, _ base: UnsafePointer<UInt8>, stride: Int,
    low: UnsafePointer<Int8>, lowStride: Int, ids: UnsafePointer<UInt32>?, count: Int,
    dimension: Int, into out: UnsafeMutablePointer<Float>
  ) {
    let kernel =
      metric == .squaredEuclidean
      ? table.pointee.squared_euclidean_wide : table.pointee.dot_wide
    kernel?(
      query, base, stride, low, lowStride, ids, count, dimension,
      ByteQuantizer.lowStepFactor(of: metric), out)
  }

  /// A query as edges are scored with.
  public struct EdgeQuery {
    /// `shape.axisCount` bytes from ``EdgeQuantizer/encodeQuery(rotated:into:kernels:)``.
    public var codes: UnsafePointer<Int8>
    public var shape: EdgeCodeShape
    public var unitA: Float
    public var scale: Float
    public var offset: Float

    public init(
      codes: UnsafePointer<Int8>, shape: EdgeCodeShape, unitA: Float, scale: Float, offset: Float
    ) {
      self.codes = codes
      self.shape = shape
      self.unitA = unitA
      self.scale = scale
      self.offset = offset
    }
  }

  /// Estimates the distances along the edges of a node, and keeps those below `threshold`.
  ///
  /// - Parameters:
  ///   - base: the node's own distance.
  ///   - codes: `blockCount` blocks, with the factors a and b of each edge in half precision.
  ///   - ahead: the codes that are to be scored next, as many: they are asked for line by line meanwhile.
  ///   - places: receives the places in the node's list, ascending; room for all.
  /// - Returns: how many were kept.
  @inline(__always)
  public func scoreEdges(
    _ query: EdgeQuery, base: Float, codes: UnsafePointer<UInt8>, a: UnsafePointer<UInt16>,
    b: UnsafePointer<UInt16>, blockCount: Int, below threshold: Float,
    ahead: UnsafePointer<UInt8>? = nil, places: UnsafeMutablePointer<UInt32>,
    distances: UnsafeMutablePointer<Float>
  ) -> Int {
    var raw = engram_edge_query(
      codes: query.codes, base: base, unit_a: query.unitA, unit_b: query.scale,
      offset: query.offset)
    return table.pointee.score_edges(
      &raw, query.shape.raw, codes, a, b, blockCount, threshold, ahead ?? codes, places, distances)
  }

  /// Scales `count` floats to signed bytes; see ``ByteQuantizer/encode(query:into:kernels:)``.
  func quantize(
    _ vector: UnsafePointer<Float>, center: UnsafePointer<Float>?, weights: UnsafePointer<Float>?,
    count: Int, into out: UnsafeMutablePointer<Int8>
  ) -> Float {
    table.pointee.quantize_s8(vector, center, weights, count, out)
  }

  /// `out = matrix · x` for a blocked matrix of signed bytes.
  func multiply(
    _ matrix: UnsafePointer<Int8>, _ x: UnsafePointer<UInt8>, blockCount: Int, columnCount: Int,
    into out: UnsafeMutablePointer<Int32>
  ) {
    table.pointee.multiply_s8(matrix, x, blockCount, columnCount, out)
  }

  func encodeEdge(
    target: UnsafePointer<Float>, source: UnsafePointer<Float>, axes: engram_edge_axes,
    codes: UnsafeMutablePointer<UInt8>
  ) -> engram_edge_sums {
    var axes = axes
    var sums = engram_edge_sums()
    table.pointee.encode_edge(target, source, &axes, codes, &sums)
    return sums
  }

  /// Finds the values below `threshold`, in order.
  ///
  /// - Parameter places: room for `count + 1`, as `values`.
  /// - Returns: how many there are.
  @inline(__always)
  public func select(
    _ distances: UnsafePointer<Float>, count: Int, below threshold: Float,
    places: UnsafeMutablePointer<UInt32>, values: UnsafeMutablePointer<Float>
  ) -> Int {
    table.pointee.select_below(distances, count, threshold, places, values)
  }

  /// Asks for every cache line of `byteCount` bytes at `address` ahead of their use.
  @inline(__always)
  public static func prefetchLines(_ address: UnsafeRawPointer, byteCount: Int) {
    engram_prefetch_lines(address, byteCount)
  }

  /// Asks for the cache line at `address` ahead of its use.
  @inline(__always)
  public static func prefetch(_ address: UnsafeRawPointer) { engram_prefetch(address) }
}

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
  private let table: UnsafePointer<engram_kernel_table>

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

  /// Asks for the cache line at `address` ahead of its use.
  @inline(__always)
  public static func prefetch(_ address: UnsafeRawPointer) { engram_prefetch(address) }
}

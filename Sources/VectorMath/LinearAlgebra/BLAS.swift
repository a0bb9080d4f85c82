internal import COpenBLAS

/// Dense single-precision matrix products on OpenBLAS, row-major.
///
/// OpenBLAS runs on the calling thread only: whoever has many products to do splits them with
/// ``Workers``, which keeps all cores at work without two thread pools fighting over them.
/// All functions may be called from several threads at once.
public enum BLAS {
  // SAFETY: callers vouch for matrices of the sizes they name; none is kept beyond the call.
  /// `C = alpha · A · Bᵀ + beta · C`: the dot products of every row of A with every row of B.
  ///
  /// - Parameters:
  ///   - a: m × k, rows `lda` floats apart (default k).
  ///   - b: n × k, rows `ldb` floats apart (default k).
  ///   - c: m × n, rows `ldc` floats apart (default n).
  /// - Complexity: 2·m·n·k floating-point operations.
  public static func multiplyTransposed(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
    m: Int, n: Int, k: Int, lda: Int? = nil, ldb: Int? = nil, ldc: Int? = nil, alpha: Float = 1,
    beta: Float = 0
  ) {
    _ = setUp
    guard m > 0, n > 0 else { return }
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(m), Int32(n), Int32(k), alpha, a,
      Int32(lda ?? k), b, Int32(ldb ?? k), beta, c, Int32(ldc ?? n))
  }

  /// `C = alpha · A · B + beta · C`.
  ///
  /// - Parameters:
  ///   - a: m × k, rows `lda` floats apart (default k).
  ///   - b: k × n, rows `ldb` floats apart (default n).
  ///   - c: m × n, rows `ldc` floats apart (default n).
  /// - Complexity: 2·m·n·k floating-point operations.
  public static func multiply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
    m: Int, n: Int, k: Int, lda: Int? = nil, ldb: Int? = nil, ldc: Int? = nil, alpha: Float = 1,
    beta: Float = 0
  ) {
    _ = setUp
    guard m > 0, n > 0 else { return }
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(m), Int32(n), Int32(k), alpha, a,
      Int32(lda ?? k), b, Int32(ldb ?? n), beta, c, Int32(ldc ?? n))
  }

  /// `C += scale · Aᵀ · A`, of which only the part that LAPACK calls lower is written.
  ///
  /// - Parameters:
  ///   - a: `rowCount` × `columnCount`.
  ///   - c: `columnCount` × `columnCount`.
  /// - Complexity: rowCount · columnCount² floating-point operations.
  static func addGram(
    of a: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, rowCount: Int,
    columnCount: Int, scale: Float
  ) {
    _ = setUp
    cblas_ssyrk(
      CblasRowMajor, CblasUpper, CblasTrans, Int32(columnCount), Int32(rowCount), scale, a,
      Int32(columnCount), 1, c, Int32(columnCount))
  }

  /// The name of the kernels OpenBLAS chose for this processor, such as `SkylakeX`.
  public static var coreName: String {
    _ = setUp
    return String(cString: openblas_get_corename())
  }

  private static let setUp: Void = openblas_set_num_threads(1)
}

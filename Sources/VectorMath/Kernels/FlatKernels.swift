internal import CVectorKernels

/// The scan of exact search on one instruction set: bounds on distances, from codes of one byte or half a
/// byte a component.
public struct FlatKernels: Sendable {
  /// Rows of a group: codes of so many rows are interleaved.
  public static let rowsAGroup = Int(ENGRAM_FLAT_ROWS)
  /// Codes of queries stand in memory for whole groups of so many.
  public static let queriesAGroup = Int(ENGRAM_FLAT_QUERIES)

  private let scanRows: engram_flat_scan

  /// The scan for the instruction set of `kernels`.
  public init(_ kernels: DistanceKernels) {
    scanRows = engram_flat_scan_named(kernels.name) ?? engram_flat_scan_named("scalar")!
  }

  /// Components in memory: whole groups of 8.
  public static func columnCount(dimension: Int) -> Int { (dimension + 7) / 8 * 8 }

  /// Bytes of one group of rows in each of the two planes.
  public static func groupBytes(dimension: Int) -> Int {
    columnCount(dimension: dimension) * rowsAGroup / 2
  }

  /// Collects the rows whose bounds are not above their query's threshold.
  ///
  /// - Parameters:
  ///   - rows: the groups of rows to scan.
  ///   - queries: all are held against all rows.
  ///   - hits: emptied first; must have room for all rows with all queries.
  /// - Complexity: rows · queries · dimension multiply-adds of bytes.
  public func scan(_ rows: FlatRows, _ queries: FlatQueries, into hits: FlatHits) {
    precondition(
      rows.groupCount * Self.rowsAGroup * queries.count <= hits.capacity, "no room for all hits")
    // SAFETY: the caller vouches for the pointers of `rows` and `queries`; the room was checked.
    var rawRows = engram_flat_rows(
      high: rows.high, low: rows.low, constant: rows.constants, scale: rows.scales,
      residual: rows.residuals, norm: rows.norms, groups: rows.groupCount,
      columns: Self.columnCount(dimension: rows.dimension))
    var rawQueries = engram_flat_queries(
      codes: queries.codes, slope: queries.slopes, offset: queries.offsets,
      residual_factor: queries.residualFactors, norm_factor: queries.normFactors,
      threshold: queries.thresholds, count: queries.count)
    hits.count = scanRows(&rawRows, &rawQueries, hits.base)
  }

  /// Encodes a vector minus `center` as row `lane` of a group.
  ///
  /// - Parameters:
  ///   - codes: scratch memory for ``columnCount(dimension:)`` bytes.
  ///   - high: the group's memory for the upper halves, `low` for the lower ones.
  public static func encode(
    _ vector: UnsafePointer<Float>, center: UnsafePointer<Float>, dimension: Int, lane: Int,
    codes: UnsafeMutablePointer<UInt8>, high: UnsafeMutablePointer<UInt8>,
    low: UnsafeMutablePointer<UInt8>
  ) -> FlatRowErrors {
    var row = engram_flat_row()
    engram_flat_encode(
      vector, center, dimension, columnCount(dimension: dimension), lane, codes, high, low, &row)
    return FlatRowErrors(
      scale: row.scale, highResidual: row.high_residual, residual: row.residual, norm: row.norm,
      squaredNorm: row.squared_norm)
  }

  /// Encodes a query minus `center`, or as it is if that is nil.
  ///
  /// - Parameter codes: room for `dimension` bytes.
  public static func encode(
    query: UnsafePointer<Float>, center: UnsafePointer<Float>?, dimension: Int,
    codes: UnsafeMutablePointer<Int8>
  ) -> FlatQueryErrors {
    var encoded = engram_flat_query()
    engram_flat_encode_query(query, center, dimension, codes, &encoded)
    return FlatQueryErrors(
      scale: encoded.scale, sum: encoded.sum, norm: encoded.norm, residual: encoded.residual)
  }

  /// The dot product in double precision.
  public static func dotProduct(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, dimension: Int
  ) -> Double {
    engram_flat_dot(a, b, dimension)
  }
}

/// What is known of a query beside its codes.
public struct FlatQueryErrors: Sendable {
  /// What one step of a code is worth.
  public var scale: Float
  /// The sum of the codes.
  public var sum: Int32
  /// The length of the query minus its center.
  public var norm: Double
  /// The distance from there to what the codes stand for.
  public var residual: Double
}

/// What is known of a row beside its codes; see ``FlatKernels``.
public struct FlatRowErrors: Sendable {
  /// What one step of a code is worth.
  public var scale: Float
  /// At least the distance from the vector to what the upper halves of its codes stand for.
  public var highResidual: Float
  /// At least the distance from the vector to what its codes stand for.
  public var residual: Float
  /// At least the length of what the codes, or their upper halves, stand for.
  public var norm: Float
  /// The squared length of the vector minus its center.
  public var squaredNorm: Double
}

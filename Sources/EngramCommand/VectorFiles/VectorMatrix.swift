/// Vectors in memory, one row each, without gaps: count × dimension single-precision values.
///
/// Immutable; may be read from many threads at once. The values are finite.
public final class VectorMatrix: @unchecked Sendable {
  /// Rows.
  public let count: Int
  /// Values in a row.
  public let dimension: Int
  /// The first value of row 0. Valid as long as the matrix lives: keep it alive, for example with
  /// `withExtendedLifetime`, while the pointer is in use.
  public let baseAddress: UnsafePointer<Float>
  private let storage: Storage

  /// Who frees the memory that `baseAddress` points to.
  private enum Storage {
    case mapping(FileMapping)
    case heap(UnsafeMutablePointer<Float>)
    case matrix(VectorMatrix)
  }

  /// A matrix whose values `initialize` writes, all count × dimension of them.
  ///
  /// Values must be finite; this is not checked here.
  public init<E: Error>(
    count: Int, dimension: Int,
    initializingWith initialize: (UnsafeMutableBufferPointer<Float>) throws(E) -> Void
  ) throws(E) {
    precondition(count >= 0 && dimension > 0, "a matrix has rows of at least one value")
    // SAFETY: room for exactly count × dimension values (at least one, so that there is an
    // address), zeroed before `initialize` sees it and freed in deinit.
    let values = UnsafeMutablePointer<Float>.allocate(capacity: max(1, count * dimension))
    values.initialize(repeating: 0, count: max(1, count * dimension))
    do throws(E) {
      try initialize(UnsafeMutableBufferPointer(start: values, count: count * dimension))
    } catch {
      values.deallocate()
      throw error
    }
    self.count = count
    self.dimension = dimension
    baseAddress = UnsafePointer(values)
    storage = .heap(values)
  }

  /// Values that lie in a mapped file at `offset`, a multiple of 4 that was checked against its
  /// size.
  init(mapping: FileMapping, offset: Int, count: Int, dimension: Int) {
    // SAFETY: the caller has checked that offset + 4 · count · dimension bytes are mapped and that
    // the offset keeps floats aligned; the mapping lives as long as this object.
    baseAddress = (mapping.bytes.baseAddress! + offset).assumingMemoryBound(to: Float.self)
    self.count = count
    self.dimension = dimension
    storage = .mapping(mapping)
  }

  private init(prefixOf matrix: VectorMatrix, count: Int) {
    self.count = count
    dimension = matrix.dimension
    baseAddress = matrix.baseAddress
    storage = .matrix(matrix)
  }

  deinit {
    if case .heap(let values) = storage { values.deallocate() }
  }

  /// The first `count` rows (all when there are fewer), without a copy.
  public func prefix(_ count: Int) -> VectorMatrix {
    count >= self.count ? self : VectorMatrix(prefixOf: self, count: max(0, count))
  }

  /// The values of row `row`; valid as long as the matrix lives.
  public func row(_ row: Int) -> UnsafeBufferPointer<Float> {
    precondition((0..<count).contains(row), "row \(row) of \(count)")
    // SAFETY: the row was checked, and rows lie one after the other.
    return UnsafeBufferPointer(start: baseAddress + row * dimension, count: dimension)
  }

  /// Calls `body` with the values of rows `rows`, row after row.
  public func withRows<Result, E: Error>(
    _ rows: Range<Int>, _ body: (UnsafeBufferPointer<Float>) throws(E) -> Result
  ) throws(E) -> Result {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "rows \(rows) of \(count)")
    // SAFETY: the range was checked; `self` lives through the call.
    defer { withExtendedLifetime(self) {} }
    return try body(
      UnsafeBufferPointer(
        start: baseAddress + rows.lowerBound * dimension, count: rows.count * dimension))
  }

  /// A copy of row `row`.
  public subscript(row: Int) -> [Float] {
    defer { withExtendedLifetime(self) {} }
    return Array(self.row(row))
  }
}

internal import CVectorKernels

extension DistanceKernels {
  /// Whether products of bytes are faster than products of floats on OpenBLAS.
  public var hasPairwise: Bool { table.pointee.pairwise != nil }
  /// Rows and columns that ``pairwise(_:range:with:count:byteCount:into:stride:)`` computes at once.
  public static let pairwiseRowCount = Int(ENGRAM_PAIRWISE_ROWS)
  public static let pairwiseColumnCount = Int(ENGRAM_PAIRWISE_COLUMNS)

  /// Packs rows of signed bytes as columns.
  ///
  /// - Parameters:
  ///   - columnCount: bytes of a row, a multiple of 4.
  ///   - out: room for `count` rows, rounded up to ``pairwiseColumnCount``.
  public func packPairwise(
    _ rows: UnsafePointer<Int8>, count: Int, columnCount: Int, into out: UnsafeMutablePointer<UInt8>
  ) {
    engram_pairwise_pack(rows, count, columnCount, out)
  }

  /// Squared distances of some rows of signed bytes to others; only where ``hasPairwise``.
  ///
  /// - Parameters:
  ///   - range: which of `rows`.
  ///   - columns: the others, of which `count` are compared.
  ///   - byteCount: bytes of a row, a multiple of 4.
  ///   - out: for each row of the range `stride` floats, room for whole groups of columns.
  /// - Complexity: `range · count · byteCount` multiply-adds of bytes.
  public func pairwise(
    _ rows: PairwiseRows, range: Range<Int>, with columns: PairwiseRows, count: Int, byteCount: Int,
    into out: UnsafeMutablePointer<Float>, stride: Int
  ) {
    table.pointee.pairwise?(
      rows.codes + range.lowerBound * byteCount, rows.raw(from: range.lowerBound), range.count,
      columns.packed, columns.raw(), count, byteCount, out, stride)
  }

  /// Compares rows with the rows before them, each pair once, and keeps what is near; only where
  /// ``hasPairwise``.
  ///
  /// For each i of `rowRange` and each j < i of `columnRange` their squared distance goes to the list of i
  /// and to that of j where it is below their limits.
  ///
  /// - Parameters:
  ///   - rowRange: starts at a multiple of ``pairwiseRowCount``; `columnRange` at one of
  ///     ``pairwiseColumnCount``.
  ///   - lists: with room for as many more as there are columns, and rows, in the lists of each.
  /// - Complexity: half of rows · columns · `byteCount` multiply-adds of bytes on the diagonal, all of them
  ///   beside it.
  public func join(
    _ rows: PairwiseRows, byteCount: Int, rowRange: Range<Int>, columnRange: Range<Int>,
    into lists: NearLists
  ) {
    table.pointee.join?(
      rows.codes, rows.packed, rows.raw(), byteCount,
      engram_range(start: rowRange.lowerBound, end: rowRange.upperBound),
      engram_range(start: columnRange.lowerBound, end: columnRange.upperBound),
      engram_near_lists(
        limits: lists.limits, keys: lists.keys, stride: lists.stride, counts: lists.counts))
  }
}

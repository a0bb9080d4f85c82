internal import CVectorKernels

/// Rows of signed bytes as a kernel that compares all with all wants them: row i stands for
/// `scales[i] · codes`.
public struct PairwiseRows {
  /// One row after the other; memory for a whole group of ``DistanceKernels/pairwiseRowCount`` follows.
  public var codes: UnsafePointer<Int8>
  /// The same rows from ``DistanceKernels/packPairwise(_:count:columnCount:into:)``.
  public var packed: UnsafePointer<UInt8>
  public var scales: UnsafePointer<Float>
  /// Squared length of each row.
  public var norms: UnsafePointer<Float>
  /// Sum of the codes of each row.
  public var sums: UnsafePointer<Int32>

  public init(
    codes: UnsafePointer<Int8>, packed: UnsafePointer<UInt8>, scales: UnsafePointer<Float>,
    norms: UnsafePointer<Float>, sums: UnsafePointer<Int32>
  ) {
    self.codes = codes
    self.packed = packed
    self.scales = scales
    self.norms = norms
    self.sums = sums
  }

  func raw(from place: Int = 0) -> engram_byte_rows {
    engram_byte_rows(scale: scales + place, norm: norms + place, sum: sums + place)
  }
}

internal import VectorMath

/// The codes of a chunk's rows, and what bounds the error of a distance computed on them.
///
/// With x the vector minus the chunk's center, x̂ what its codes say, q the query and q̂ what its bytes
/// say, |q·x − q̂·x̂| ≤ |q|·|x − x̂| + |q − q̂|·|x̂|, by Cauchy and Schwarz.
struct FlatCodes {
  // SAFETY: each pointer leads into the chunk's memory, which has room for its capacity of rows.
  let high: UnsafeMutablePointer<UInt8>
  let low: UnsafeMutablePointer<UInt8>
  let constants: UnsafeMutablePointer<Float>
  let scales: UnsafeMutablePointer<Float>
  let highResiduals: UnsafeMutablePointer<Float>
  let residuals: UnsafeMutablePointer<Float>
  let norms: UnsafeMutablePointer<Float>
  let center: UnsafeMutablePointer<Float>
  private let scratch: UnsafeMutablePointer<UInt8>
  let dimension: Int
  private let metric: Metric

  /// Beyond this an integer product could leave 32 bits, and rounding would eat the bounds.
  static let dimensionMax = 32_768

  /// Bounds the relative error of a distance in single precision: of a sum of `dimension` products,
  /// and of the few steps that lead to a bound.
  static func roundingFactor(dimension: Int) -> Double { Double(dimension + 16) * 0x1p-21 }

  init(rowCapacity: Int, dimension: Int, metric: Metric, layout: inout FlatLayout) {
    let groups = rowCapacity / FlatKernels.rowsAGroup
    let planeBytes = groups * FlatKernels.groupBytes(dimension: dimension)
    high = layout.take(planeBytes)
    low = layout.take(planeBytes)
    constants = layout.take(rowCapacity)
    scales = layout.take(rowCapacity)
    highResiduals = layout.take(rowCapacity)
    residuals = layout.take(rowCapacity)
    norms = layout.take(rowCapacity)
    center = layout.take(dimension)
    scratch = layout.take(FlatKernels.columnCount(dimension: dimension))
    self.dimension = dimension
    self.metric = metric
  }

  /// Writes the codes of row `row`.
  func encode(_ vector: UnsafePointer<Float>, row: Int) {
    let group = row / FlatKernels.rowsAGroup * FlatKernels.groupBytes(dimension: dimension)
    let errors = FlatKernels.encode(
      vector, center: center, dimension: dimension, lane: row % FlatKernels.rowsAGroup,
      codes: scratch, high: high + group, low: low + group)
    scales[row] = errors.scale
    highResiduals[row] = errors.highResidual
    residuals[row] = errors.residual
    norms[row] = errors.norm
    constants[row] =
      metric == .squaredEuclidean
      ? Float(errors.squaredNorm * (1 - Self.roundingFactor(dimension: dimension))) : 0
  }

  /// The groups from `first` on, for a scan of whole codes or of their upper halves.
  func rows(fromGroup first: Int, groupCount: Int, whole: Bool) -> FlatRows {
    let bytes = first * FlatKernels.groupBytes(dimension: dimension)
    let row = first * FlatKernels.rowsAGroup
    return FlatRows(
      high: UnsafePointer(high + bytes), low: whole ? UnsafePointer(low + bytes) : nil,
      constants: UnsafePointer(constants + row), scales: UnsafePointer(scales + row),
      residuals: UnsafePointer((whole ? residuals : highResiduals) + row),
      norms: UnsafePointer(norms + row), groupCount: groupCount, dimension: dimension)
  }
}

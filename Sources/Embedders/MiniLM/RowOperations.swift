/// The loops between the matrix products, over rows of floats whose length is a multiple of
/// ``laneCount``.
///
/// Loops over elements are plain: the compiler makes vectors of them, and unoptimized builds run
/// them ten times as fast as SIMD types. Sums use a SIMD type, for no compiler may reorder a sum.
/// Products and sums are written apart: without a fused instruction in the baseline instruction
/// set, a fused multiply-add would be a function call for each element.
enum RowOperations {
  typealias Lanes = SIMD8<Float>
  static let laneCount = Lanes.scalarCount

  /// Scales and shifts each row to mean 0 and variance 1, then by the normalization's own weights.
  static func normalize(
    _ rows: UnsafeMutablePointer<Float>, rowCount: Int, columnCount: Int,
    by normalization: MiniLMWeights.Normalization, epsilon: Float
  ) {
    let (weight, bias) = (normalization.weight, normalization.bias)
    var row = rows
    for _ in 0..<rowCount {
      let mean = sum(row, count: columnCount) / Float(columnCount)
      var column = 0
      while column < columnCount {
        row[column] -= mean
        column &+= 1
      }
      let variance = sumOfSquares(row, count: columnCount) / Float(columnCount)
      let scale = 1 / (variance + epsilon).squareRoot()
      column = 0
      while column < columnCount {
        row[column] = row[column] * scale * weight[column] + bias[column]
        column &+= 1
      }
      row += columnCount
    }
  }

  /// GELU, `x · Φ(x)` with the normal distribution's Φ, in place.
  ///
  /// Φ(x) − ½ is `x · P(x²) / Q(x²)` on |x| ≤ 5.2, fitted to 1e-7, and constant beyond.
  static func gelu(_ values: UnsafeMutablePointer<Float>, count: Int) {
    var index = 0
    while index < count {
      let x = values[index]
      let clamped: Float = x > 5.2 ? 5.2 : x < -5.2 ? -5.2 : x
      let t = clamped * clamped
      var upper = t * -1.616316147590169e-08 + 5.373745807446539e-06
      upper = upper * t + 0.0004117511853110045
      upper = upper * t + 0.006080356426537037
      upper = upper * t + 0.060272615402936935
      upper = upper * t + 0.3989417552947998
      var lower = t * 0.00013830767420586199 + 0.003253114642575383
      lower = lower * t + 0.04321427270770073
      lower = lower * t + 0.3177388310432434
      lower = lower * t + 1
      values[index] = x * (clamped * upper / lower + 0.5)
      index &+= 1
    }
  }

  /// The softmax of each row in place; what lies between `columnCount` and the row's end becomes 0.
  ///
  /// - Parameter rowStride: the floats from row to row, a multiple of ``laneCount``.
  static func softmax(
    _ rows: UnsafeMutablePointer<Float>, rowCount: Int, columnCount: Int, rowStride: Int
  ) {
    var row = rows
    for _ in 0..<rowCount {
      var column = columnCount
      while column < rowStride {
        row[column] = -.greatestFiniteMagnitude
        column &+= 1
      }
      let maximum = largest(row, count: rowStride)
      column = 0
      while column < rowStride {
        row[column] = exponential(row[column] - maximum)
        column &+= 1
      }
      let scale = 1 / sum(row, count: rowStride)
      column = 0
      while column < rowStride {
        row[column] *= scale
        column &+= 1
      }
      row += rowStride
    }
  }

  /// eˣ for x ≤ 0 to a relative 2e-7; 0 where x < −87.
  ///
  /// `x = n · ln 2 + r`: a polynomial gives eʳ, and n goes straight into the exponent's bits.
  @inline(__always)
  static func exponential(_ x: Float) -> Float {
    let clamped: Float = x < -87 ? -87 : x
    // Adding 1.5 · 2²³ rounds to a whole number and leaves it in the lowest bits.
    let rounder: Float = 12_582_912
    let shifted = clamped * 1.442_695_04 + rounder
    let n = shifted - rounder
    let r = clamped - n * 0.693_359_375 + n * 2.121_944_4e-4
    var power = r * 0.0013813143596053123 + 0.008369418792426586
    power = power * r + 0.04166845604777336
    power = power * r + 0.16666515171527863
    power = power * r + 0.4999999403953552
    power = power * r * r + r + 1
    let scaled = Float(bitPattern: power.bitPattern &+ shifted.bitPattern &<< 23)
    return x < -87 ? 0 : scaled
  }

  /// `target = a + b` over `count` floats; `target` may be one of them.
  static func add(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    into target: UnsafeMutablePointer<Float>, count: Int
  ) {
    var index = 0
    while index < count {
      target[index] = a[index] + b[index]
      index &+= 1
    }
  }

  /// The mean of rows, scaled to unit length.
  static func unitMean(
    _ rows: UnsafePointer<Float>, rowCount: Int, columnCount: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    target.update(from: rows, count: columnCount)
    for row in 1..<rowCount {
      add(target, rows + row &* columnCount, into: target, count: columnCount)
    }
    // The mean's divisor would cancel; a zero sum stays zero.
    let length = sumOfSquares(target, count: columnCount).squareRoot()
    let scale = length > 0 ? 1 / length : 0
    for column in 0..<columnCount { target[column] *= scale }
  }

  private static func sum(_ row: UnsafePointer<Float>, count: Int) -> Float {
    var sums = Lanes.zero
    var column = 0
    while column < count {
      sums += lanes(at: row + column)
      column &+= laneCount
    }
    return sums.sum()
  }

  private static func sumOfSquares(_ row: UnsafePointer<Float>, count: Int) -> Float {
    var sums = Lanes.zero
    var column = 0
    while column < count {
      let values = lanes(at: row + column)
      sums += values * values
      column &+= laneCount
    }
    return sums.sum()
  }

  private static func largest(_ row: UnsafePointer<Float>, count: Int) -> Float {
    var maxima = lanes(at: row)
    var column = laneCount
    while column < count {
      let values = lanes(at: row + column)
      maxima.replace(with: values, where: values .> maxima)
      column &+= laneCount
    }
    var maximum = maxima[0]
    for lane in 1..<laneCount where maxima[lane] > maximum { maximum = maxima[lane] }
    return maximum
  }

  // SAFETY: callers pass pointers to at least `laneCount` floats.
  @inline(__always)
  private static func lanes(at source: UnsafePointer<Float>) -> Lanes {
    UnsafeRawPointer(source).loadUnaligned(as: Lanes.self)
  }
}

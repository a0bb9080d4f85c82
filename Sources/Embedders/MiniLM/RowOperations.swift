/// The loops between the matrix products, over rows of floats whose length is a multiple of
/// ``laneCount``.
///
/// Products and sums are written apart: without a fused instruction in the baseline instruction
/// set, a fused multiply-add would be a function call for each lane.
enum RowOperations {
  typealias Lanes = SIMD8<Float>
  static let laneCount = Lanes.scalarCount

  /// Scales and shifts each row to mean 0 and variance 1, then by the normalization's own weights.
  static func normalize(
    _ rows: UnsafeMutablePointer<Float>, rowCount: Int, columnCount: Int,
    by normalization: MiniLMWeights.Normalization, epsilon: Float
  ) {
    for index in 0..<rowCount {
      let row = rows + index &* columnCount
      var sums = Lanes.zero
      for column in stride(from: 0, to: columnCount, by: laneCount) {
        sums += load(row + column)
      }
      let mean = sums.sum() / Float(columnCount)
      var squares = Lanes.zero
      for column in stride(from: 0, to: columnCount, by: laneCount) {
        let difference = load(row + column) - mean
        squares += difference * difference
      }
      let scale = 1 / (squares.sum() / Float(columnCount) + epsilon).squareRoot()
      for column in stride(from: 0, to: columnCount, by: laneCount) {
        let unit = (load(row + column) - mean) * scale
        store(
          unit * load(normalization.weight + column) + load(normalization.bias + column),
          row + column)
      }
    }
  }

  /// GELU, `x · Φ(x)` with the normal distribution's Φ, in place.
  ///
  /// Φ(x) − ½ is `x · P(x²) / Q(x²)` on |x| ≤ 5.2, fitted to 1e-7, and constant beyond.
  static func gelu(_ values: UnsafeMutablePointer<Float>, count: Int) {
    for index in stride(from: 0, to: count, by: laneCount) {
      let x = load(values + index)
      // Not `clamped`, which goes lane by lane.
      var clamped = x
      clamped.replace(with: 5.2, where: x .> 5.2)
      clamped.replace(with: -5.2, where: x .< -5.2)
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
      store(x * (clamped * upper / lower + 0.5), values + index)
    }
  }

  /// The softmax of each row in place; what lies between `columnCount` and the row's end becomes 0.
  ///
  /// - Parameter rowStride: the floats from row to row, a multiple of ``laneCount``.
  static func softmax(
    _ rows: UnsafeMutablePointer<Float>, rowCount: Int, columnCount: Int, rowStride: Int
  ) {
    for index in 0..<rowCount {
      let row = rows + index &* rowStride
      for column in columnCount..<rowStride { row[column] = -.greatestFiniteMagnitude }
      var maxima = load(row)
      for column in stride(from: laneCount, to: rowStride, by: laneCount) {
        let lanes = load(row + column)
        maxima.replace(with: lanes, where: lanes .> maxima)
      }
      var maximum = maxima[0]
      for lane in 1..<laneCount where maxima[lane] > maximum { maximum = maxima[lane] }
      var sums = Lanes.zero
      for column in stride(from: 0, to: rowStride, by: laneCount) {
        let power = exponential(load(row + column) - maximum)
        store(power, row + column)
        sums += power
      }
      let scale = 1 / sums.sum()
      for column in stride(from: 0, to: rowStride, by: laneCount) {
        store(load(row + column) * scale, row + column)
      }
    }
  }

  /// eˣ for x ≤ 0 to a relative 2e-7; 0 where x < −87.
  ///
  /// `x = n · ln 2 + r`: a polynomial gives eʳ, and n goes straight into the exponent's bits.
  @inline(__always)
  static func exponential(_ x: Lanes) -> Lanes {
    let bound = Lanes(repeating: -87)
    let isTiny = x .< bound
    let clamped = x.replacing(with: bound, where: isTiny)
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
    let exponent = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &<< 23
    let result = unsafeBitCast(
      unsafeBitCast(power, to: SIMD8<Int32>.self) &+ exponent, to: Lanes.self)
    return result.replacing(with: 0, where: isTiny)
  }

  /// `target = a + b` over `count` floats; `target` may be one of them.
  static func add(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    into target: UnsafeMutablePointer<Float>, count: Int
  ) {
    for index in stride(from: 0, to: count, by: laneCount) {
      store(load(a + index) + load(b + index), target + index)
    }
  }

  /// The mean of rows, scaled to unit length.
  static func unitMean(
    _ rows: UnsafePointer<Float>, rowCount: Int, columnCount: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    var squares = Lanes.zero
    for column in stride(from: 0, to: columnCount, by: laneCount) {
      var sum = Lanes.zero
      for row in 0..<rowCount { sum += load(rows + row &* columnCount + column) }
      store(sum, target + column)
      squares += sum * sum
    }
    // The mean's divisor would cancel; a zero sum stays zero.
    let length = squares.sum().squareRoot()
    let scale = length > 0 ? 1 / length : 0
    for column in stride(from: 0, to: columnCount, by: laneCount) {
      store(load(target + column) * scale, target + column)
    }
  }

  // SAFETY: callers pass pointers to at least `laneCount` floats.
  @inline(__always)
  private static func load(_ source: UnsafePointer<Float>) -> Lanes {
    UnsafeRawPointer(source).loadUnaligned(as: Lanes.self)
  }

  @inline(__always)
  private static func load(_ source: UnsafeMutablePointer<Float>) -> Lanes {
    UnsafeRawPointer(source).loadUnaligned(as: Lanes.self)
  }

  @inline(__always)
  private static func store(_ lanes: Lanes, _ target: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(target).storeBytes(of: lanes, as: Lanes.self)
  }
}

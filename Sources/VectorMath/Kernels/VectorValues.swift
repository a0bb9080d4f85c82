/// What must hold of a vector before distances are computed.
public enum VectorValues {
  /// The largest magnitude of a component: beyond it squared distances of many dimensions leave the
  /// range of single precision.
  public static let magnitudeMax: Float = 1e16

  /// Whether every value is finite and at most ``magnitudeMax`` in magnitude.
  ///
  /// - Complexity: O(values).
  public static func areUsable(_ values: UnsafeBufferPointer<Float>) -> Bool {
    // Magnitudes order like their bits, and those of infinity and NaN are above all: negative
    // differences tell, without a branch for each value.
    let limit = Int32(bitPattern: magnitudeMax.bitPattern)
    var signs: Int32 = 0
    for value in values { signs |= limit &- Int32(bitPattern: value.magnitude.bitPattern) }
    return signs >= 0
  }

  /// Scales a vector of `count` usable values to unit length in place; a zero vector stays zero.
  public static func scaleToUnitLength(_ vector: UnsafeMutablePointer<Float>, count: Int) {
    // SAFETY: the caller vouches for `count` floats at `vector`. In double precision neither the
    // squares of tiny values vanish nor those of large ones overflow.
    var sum: Double = 0
    for axis in 0..<count { sum += Double(vector[axis]) * Double(vector[axis]) }
    guard sum > 0 else { return }
    let length = sum.squareRoot()
    for axis in 0..<count { vector[axis] = Float(Double(vector[axis]) / length) }
  }
}

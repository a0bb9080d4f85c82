/// What must hold of a vector before distances are computed.
public enum VectorValues {
  /// The largest magnitude of a component: beyond it squared distances of many dimensions leave the
  /// range of single precision.
  public static let magnitudeMax: Float = 1e16

  /// Whether every value is finite and at most ``magnitudeMax`` in magnitude.
  ///
  /// - Complexity: O(values).
  public static func areUsable(_ values: UnsafeBufferPointer<Float>) -> Bool {
    // A comparison with NaN is false, so one test covers all.
    values.allSatisfy { abs($0) <= magnitudeMax }
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

internal import VectorMath

/// Random numbers that are the same on every machine and for every compiler: xoshiro256++, seeded by
/// SplitMix64.
///
/// A seed opens any number of independent streams, so that the numbers of one row do not depend on
/// how many were drawn for the rows before it. Source: D. Blackman and S. Vigna, "Scrambled Linear
/// Pseudorandom Number Generators" (2021).
public struct RandomStream: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)
  private var spare: Double?

  /// The stream number `stream` of `seed`.
  public init(seed: UInt64, stream: UInt64 = 0) {
    var mixer = SplitMix64(seed: seed)
    // Mixing between the two keeps neighbouring seeds and streams apart.
    mixer = SplitMix64(seed: mixer.next() ^ stream)
    state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
  }

  /// The generator with the given state, for comparison with the reference implementation.
  init(state: (UInt64, UInt64, UInt64, UInt64)) { self.state = state }

  public mutating func next() -> UInt64 {
    let result = Self.rotated(state.0 &+ state.3, by: 23) &+ state.0
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = Self.rotated(state.3, by: 45)
    return result
  }

  /// A number from 0 to below 1, a multiple of 2⁻⁵³.
  public mutating func nextUniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A whole number from 0 to below `bound`.
  public mutating func nextIndex(below bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number from the normal distribution with mean 0 and variance 1.
  ///
  /// Box and Muller's transform in Marsaglia's polar form. It needs a square root, which IEEE 754
  /// defines to the last bit, and a logarithm, which C libraries round differently and which is
  /// therefore worked out here.
  public mutating func nextNormal() -> Double {
    if let spare {
      self.spare = nil
      return spare
    }
    while true {
      let u = 2 * nextUniform() - 1
      let v = 2 * nextUniform() - 1
      let square = u * u + v * v
      if square > 0, square < 1 {
        let factor = (-2 * Self.logarithm(square) / square).squareRoot()
        spare = v * factor
        return u * factor
      }
    }
  }

  /// The natural logarithm of a positive normal number, to about the precision of a double, by
  /// additions, multiplications and divisions only.
  static func logarithm(_ value: Double) -> Double {
    var significand = value.significand
    var exponent = Double(value.exponent)
    if significand > 1.414_213_562_373_095_1 {
      significand /= 2
      exponent += 1
    }
    // ln m = 2 artanh((m − 1) / (m + 1)); the ratio is below 0.172 and the next term below 1e-18.
    let ratio = (significand - 1) / (significand + 1)
    let square = ratio * ratio
    var sum = 0.0
    for odd in stride(from: 21.0, through: 1, by: -2) { sum = sum * square + 1 / odd }
    return 2 * ratio * sum + exponent * 0.693_147_180_559_945_3
  }

  private static func rotated(_ value: UInt64, by count: UInt64) -> UInt64 {
    value << count | value >> (64 - count)
  }
}

/// A small seedable generator, so that what draws at random repeats: it turns any seed, also 0 and small
/// ones, into well mixed numbers. Source: Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }

  /// `count` different numbers below `bound`, ascending. Source: Floyd's sampling algorithm.
  package mutating func sample(_ count: Int, below bound: Int) -> [Int] {
    guard count < bound else { return Array(0..<bound) }
    var chosen = Set<Int>(minimumCapacity: count)
    for top in (bound - count)..<bound {
      let pick = Int(next() % UInt64(top + 1))
      if !chosen.insert(pick).inserted { chosen.insert(top) }
    }
    return chosen.sorted()
  }
}

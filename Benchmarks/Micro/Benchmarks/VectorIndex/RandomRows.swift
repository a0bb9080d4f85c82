/// Seeded data: every run measures the same.
struct RandomRows {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }

  /// About normal, of deviation 1.
  mutating func normal() -> Float {
    let bits = next()
    let sum = (0..<4).reduce(0) { $0 + Int(bits >> (16 * UInt64($1)) & 0xffff) }
    return (Float(sum) / 65_536 - 2) * 1.732
  }

  mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in normal() } }

  mutating func ids(_ count: Int, below limit: Int) -> [UInt32] {
    (0..<count).map { _ in UInt32(next() % UInt64(limit)) }
  }

  /// Rows in clusters of 50, as texts are.
  mutating func clusteredRows(_ count: Int, dimension: Int) -> [Float] {
    let centers = floats((count + 49) / 50 * dimension)
    var rows: [Float] = []
    rows.reserveCapacity(count * dimension)
    for _ in 0..<count {
      let center = Int(next() % UInt64(centers.count / dimension)) * dimension
      for axis in 0..<dimension { rows.append(centers[center + axis] + 0.6 * normal()) }
    }
    return rows
  }
}

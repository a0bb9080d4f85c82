internal import VectorMath

/// Random numbers for tests, which print their seed: the same ones for the same seed, everywhere.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var base: SplitMix64

  public init(seed: UInt64) { base = SplitMix64(seed: seed) }

  public mutating func next() -> UInt64 { base.next() }

  public mutating func chance(_ probability: Double) -> Bool {
    Double.random(in: 0..<1, using: &self) < probability
  }

  public mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  public mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }

  public mutating func optional<Value>(_ value: (inout SeededGenerator) -> Value) -> Value? {
    chance(0.5) ? value(&self) : nil
  }

  public mutating func list<Value>(
    upTo count: Int, _ value: (inout SeededGenerator) -> Value
  ) -> [Value] {
    (0..<Int.random(in: 0...count, using: &self)).map { _ in value(&self) }
  }
}

import Testing
import VectorMath

@Suite("SplitMix64")
struct SplitMix64Tests {
  @Test("The generator gives the numbers of its reference implementation")
  func reference() {
    var generator = SplitMix64(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
    #expect(generator.next() == 9_817_491_932_198_370_423)
  }

  @Test("A sample holds as many different numbers as were asked for, ascending")
  func sample() {
    var generator = SplitMix64(seed: 5)
    for (count, bound) in [(0, 10), (1, 1), (7, 10), (10, 10), (12, 10), (100, 1_000_000)] {
      let numbers = generator.sample(count, below: bound)
      #expect(numbers.count == min(count, bound))
      #expect(numbers == Set(numbers).sorted())
      #expect(numbers.allSatisfy { (0..<bound).contains($0) })
    }
  }
}

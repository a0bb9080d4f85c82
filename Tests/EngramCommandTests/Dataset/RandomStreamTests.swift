import Testing

@testable import EngramCommand

@Suite("Random numbers that are the same everywhere")
struct RandomStreamTests {
  @Test("The generator gives the numbers of its reference implementation")
  func reference() {
    var random = RandomStream(state: (1, 2, 3, 4))
    let expected: [UInt64] = [
      41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386,
      9_228_616_714_210_784_205, 9_973_669_472_204_895_162, 14_011_001_112_246_962_877,
      12_406_186_145_184_390_807, 15_849_039_046_786_891_736, 10_450_023_813_501_588_000,
    ]
    for value in expected { #expect(random.next() == value) }
  }

  @Test("Seeds and streams next to one another have nothing in common")
  func streams() {
    var seen: Set<UInt64> = []
    for seed in UInt64(0)..<30 {
      for stream in UInt64(0)..<30 {
        var random = RandomStream(seed: seed, stream: stream)
        for _ in 0..<4 { seen.insert(random.next()) }
      }
    }
    #expect(seen.count == 30 * 30 * 4)
  }

  @Test("The logarithm is that of mathematics to the last digits")
  func logarithm() {
    // Worked out to 17 digits.
    for (value, expected) in [
      (1.0, 0.0), (0.5, -0.693_147_180_559_945_3), (2.0, 0.693_147_180_559_945_3),
      (0.3, -1.203_972_804_325_936), (1e-5, -11.512_925_464_970_228),
      (1e-300, -690.775_527_898_213_7), (0.9999999, -1.000_000_049_473_647_4e-7),
    ] {
      let found = RandomStream.logarithm(value)
      #expect(abs(found - expected) <= abs(expected) * 1e-15)
    }
  }

  @Test("Normal numbers have mean 0, variance 1 and the tails of the bell")
  func moments() {
    var random = RandomStream(seed: 7)
    let count = 200_000
    var sum = 0.0
    var squares = 0.0
    var beyondTwo = 0
    for _ in 0..<count {
      let value = random.nextNormal()
      sum += value
      squares += value * value
      if abs(value) > 2 { beyondTwo += 1 }
    }
    // Five standard errors of each estimate.
    #expect(abs(sum / Double(count)) < 5 / Double(count).squareRoot())
    #expect(abs(squares / Double(count) - 1) < 5 * (2 / Double(count)).squareRoot())
    let share = 0.045_500_263_896_358
    #expect(
      abs(Double(beyondTwo) / Double(count) - share)
        < 5 * (share * (1 - share) / Double(count)).squareRoot())
  }

  @Test("Whole numbers stay below their bound and reach all of it")
  func indices() {
    var random = RandomStream(seed: 3)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<7_000 { counts[random.nextIndex(below: 7)] += 1 }
    #expect(counts.allSatisfy { (800...1200).contains($0) })
    #expect(random.nextIndex(below: 1) == 0)
  }
}

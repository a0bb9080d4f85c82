import TestSupport
import Testing

@testable import Engram

@Suite("Segments that are merged")
struct MergeRunTests {
  @Test("Small ones are merged, also behind a large one that lies between others")
  func behindALargeOne() throws {
    let small = [Int](repeating: 4100, count: 8)
    #expect(Memory.runToMerge(small, rowCountMax: 131_072) == 0...7)
    let run = try #require(
      Memory.runToMerge([4100, 4100, 4100, 200_000] + small, rowCountMax: 131_072))
    #expect(run == 4...11)
    #expect(Memory.runToMerge([4100, 200_000, 4100, 4100], rowCountMax: 131_072) == nil)
    #expect(Memory.runToMerge([], rowCountMax: 131_072) == nil)
  }

  @Test("No run is longer than an image may be, whatever stands side by side")
  func bounded() {
    let seed: UInt64 = 0x6e12
    print("seed \(seed)")
    var random = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let counts = (0..<random.below(40)).map { _ in 1 + random.below(60_000) }
      guard let run = Memory.runToMerge(counts, rowCountMax: 131_072) else { continue }
      #expect(run.count > 1 && counts[run].reduce(0, +) <= 131_072)
    }
  }
}

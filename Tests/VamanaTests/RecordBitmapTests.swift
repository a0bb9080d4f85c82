import Testing
import Vamana

@Suite("Sets of record ids")
struct RecordBitmapTests {
  /// Ids around a few centres, so that containers of every form come up, at both ends of the range too.
  private static func randomIDs(_ generator: inout SeededGenerator) -> Set<UInt64> {
    var ids = Set<UInt64>()
    let bases: [UInt64] = [0, 0xfff0, 1 << 16, 1 << 40, UInt64.max - 0x2_0000, UInt64.max - 0xffff]
    for base in bases where Bool.random(using: &generator) {
      switch Int.random(in: 0..<4, using: &generator) {
      case 0:
        for _ in 0..<Int.random(in: 1...60, using: &generator) {
          ids.insert(base + UInt64.random(in: 0...0xffff, using: &generator))
        }
      case 1:
        for _ in 0..<Int.random(in: 3000...9000, using: &generator) {
          ids.insert(base + UInt64.random(in: 0...0xffff, using: &generator))
        }
      case 2:
        for _ in 0..<5 {
          let start = UInt64.random(in: 0...0xf000, using: &generator)
          for offset in 0..<UInt64.random(in: 1...2000, using: &generator) {
            ids.insert(base + start + offset)
          }
        }
      default:
        for offset in stride(from: UInt64(0), through: 0xffff, by: 3) { ids.insert(base + offset) }
      }
    }
    return ids
  }

  @Test("Random operations give what sets give", arguments: [UInt64(1), 2, 3, 4])
  func operations(seed: UInt64) {
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2 {
      let left = Self.randomIDs(&generator)
      let right = Self.randomIDs(&generator)
      let a = RecordBitmap(Array(left).shuffled(using: &generator))
      let b = RecordBitmap(right.sorted())
      #expect(a.count == left.count)
      #expect(Array(a) == left.sorted())
      for (result, expected) in [
        (a.union(b), left.union(right)), (a.intersection(b), left.intersection(right)),
        (a.subtracting(b), left.subtracting(right)),
      ] {
        #expect(result.count == expected.count)
        #expect(Array(result) == expected.sorted())
        // The same set is the same value, however it came about.
        #expect(result == RecordBitmap(expected.sorted()))
      }
      let sorted = left.sorted()
      let probes = sorted.prefix(5) + right.prefix(5) + [0, .max]
      for probe in probes {
        #expect(a.contains(probe) == left.contains(probe))
        #expect(a.rank(of: probe) == sorted.count { $0 < probe })
      }
    }
  }

  @Test("A container changes its form at 4,096 ids and back", arguments: [4095, 4096, 4097])
  func transitions(count: Int) {
    let even = (0..<UInt64(count)).map { 7 << 16 | 2 * $0 }
    let bitmap = RecordBitmap(even)
    #expect(Array(bitmap) == even)
    let more = bitmap.union(RecordBitmap([7 << 16 | 8193, 7 << 16 | 8195]))
    #expect(more.count == count + 2)
    #expect(more.subtracting(RecordBitmap([7 << 16 | 8193, 7 << 16 | 8195])) == bitmap)
    #expect(bitmap.subtracting(bitmap) == RecordBitmap())
    #expect(bitmap.subtracting(bitmap).isEmpty)
  }

  @Test("A range holds both its ends, also the largest id", arguments: [UInt64(0), 1, 2, 70_000])
  func ranges(length: UInt64) throws {
    let range = UInt64.max - length...UInt64.max
    let bitmap = try RecordBitmap(range)
    #expect(bitmap.count == Int(length) + 1)
    #expect(bitmap.contains(.max))
    #expect(bitmap.contains(UInt64.max - length))
    #expect(!bitmap.contains(UInt64.max - length - 1))
    #expect(bitmap == RecordBitmap(Array(range)))
    #expect(bitmap.rank(of: .max) == Int(length))
  }

  @Test("The complement is what a set leaves of a range")
  func complement() throws {
    let odd = RecordBitmap(stride(from: UInt64(1), to: 200_000, by: 2))
    let even = try RecordBitmap(0...199_999).subtracting(odd)
    #expect(even == RecordBitmap(stride(from: UInt64(0), to: 200_000, by: 2)))
    #expect(even.intersection(odd).isEmpty)
    #expect(even.union(odd) == (try RecordBitmap(0...199_999)))
  }

  @Test("A range of more ids than an index can hold is refused")
  func hugeRange() throws {
    #expect(throws: VamanaError.self) { try RecordBitmap(0...UInt64.max) }
    #expect(throws: VamanaError.self) { try RecordFilter(0...RecordBitmap.rangeCountMax) }
    let largest = try RecordBitmap(1...RecordBitmap.rangeCountMax)
    #expect(largest.count == 1 << 32)
    #expect(largest.contains(1 << 32) && !largest.contains(0))
  }

  @Test("A half-open range leaves out its end, and is refused if too long")
  func halfOpenRange() throws {
    #expect(throws: VamanaError.self) { try RecordBitmap(0..<(1 << 40)) }
    #expect(throws: VamanaError.self) { try RecordFilter(0..<(1 << 40)) }
    #expect(try RecordBitmap(5..<70_000) == RecordBitmap(5...69_999))
    #expect(try RecordFilter(7..<7).count == 0)
    #expect(try RecordFilter(0..<RecordBitmap.rangeCountMax).count == 1 << 32)
  }

  @Test("Repeats are dropped")
  func repeats() {
    #expect(Array(RecordBitmap([5, 5, 3, 3, 9])) == [3, 5, 9])
    #expect(Array(RecordBitmap([3, 3, 5])) == [3, 5])
    #expect(RecordBitmap([UInt64]()).isEmpty)
  }
}

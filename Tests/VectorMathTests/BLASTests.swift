import Testing
import VectorMath

@Suite("Matrix products")
struct BLASTests {
  @Test("A · Bᵀ holds the dot products of the rows")
  func transposed() {
    let a: [Float] = [1, 2, 3, 4, 5, 6]  // 2 × 3
    let b: [Float] = [1, 0, -1, 2, 1, 0, 0, 0, 1, 1, 1, 1]  // 4 × 3
    var c = [Float](repeating: 9, count: 8)
    BLAS.multiplyTransposed(a, b, into: &c, m: 2, n: 4, k: 3)
    #expect(c == [-2, 4, 3, 6, -2, 13, 6, 15])
  }

  @Test("A · B, scaled and added to what is there")
  func plain() {
    let a: [Float] = [1, 2, 3, 4]
    let b: [Float] = [5, 6, 7, 8]
    var c: [Float] = [1, 1, 1, 1]
    BLAS.multiply(a, b, into: &c, m: 2, n: 2, k: 2, alpha: 2, beta: 10)
    #expect(c == [48, 54, 96, 110])
  }

  @Test("Workers run every piece once, whatever their number", arguments: [1, 2, 3, 8])
  func workers(threads: Int) {
    let counts = Counts(count: 1000)
    Workers(threadCount: threads).run(pieces: 1000) { piece, worker in
      counts.add(piece)
      #expect(worker < threads)
    }
    #expect(counts.values == [Int](repeating: 1, count: 1000))
  }
}

/// A counter for each piece.
private final class Counts: @unchecked Sendable {
  // SAFETY: each piece writes a place of its own.
  private let base: UnsafeMutableBufferPointer<Int>

  init(count: Int) {
    base = .allocate(capacity: count)
    base.initialize(repeating: 0)
  }

  deinit { base.deallocate() }

  func add(_ piece: Int) { base[piece] += 1 }

  var values: [Int] { Array(base) }
}

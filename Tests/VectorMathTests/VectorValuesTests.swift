import Testing
import VectorMath

@Suite("Values of vectors")
struct VectorValuesTests {
  @Test("Finite values up to the largest magnitude can be used, and nothing else")
  func usable() {
    let largest = VectorValues.magnitudeMax
    let good: [Float] = [
      0, -0.0, 1, -1, largest, -largest, .leastNonzeroMagnitude, -.leastNormalMagnitude,
    ]
    let bad: [Float] = [
      largest.nextUp, -largest.nextUp, .greatestFiniteMagnitude, .infinity, -.infinity, .nan,
      -.nan, .signalingNaN,
    ]
    #expect(isUsable([]))
    #expect(isUsable(good))
    for value in bad {
      for place in [0, 1, 15, 16, 36] {
        var vector = [Float](repeating: 0.5, count: 37)
        vector[place] = value
        #expect(!isUsable(vector), "\(value) at \(place)")
      }
    }
  }

  private func isUsable(_ vector: [Float]) -> Bool {
    vector.withUnsafeBufferPointer(VectorValues.areUsable)
  }
}

import Foundation
import Testing

@testable import Embedders

@Suite("Row operations")
struct RowOperationsTests {
  @Test("GELU is right to 4e-6 from -12 to 12")
  func gelu() {
    let inputs = (0..<9600).map { Float($0 - 4800) / 400 }
    var values = inputs
    values.withUnsafeMutableBufferPointer {
      RowOperations.gelu($0.baseAddress!, count: $0.count)
    }
    for (x, y) in zip(inputs, values) {
      let exact = 0.5 * Double(x) * (1 + erf(Double(x) / 2.0.squareRoot()))
      #expect(abs(Double(y) - exact) < 4e-6, "x = \(x)")
    }
  }

  @Test("The exponential is right to a relative 3e-7 and 0 far below")
  func exponential() {
    for x in stride(from: Float(-87), through: 0, by: 0.0137) {
      let exact = exp(Double(x))
      #expect(abs(Double(RowOperations.exponential(x)) - exact) <= 3e-7 * exact, "x = \(x)")
    }
    #expect(RowOperations.exponential(-87.01) == 0)
    #expect(RowOperations.exponential(-.greatestFiniteMagnitude) == 0)
    #expect(RowOperations.exponential(0) == 1)
  }

  @Test(
    "Softmax of a row of any length sums to 1 and leaves 0 beyond it", arguments: [1, 7, 8, 19])
  func softmax(columnCount: Int) {
    let stride = MiniLMScratch.scoreStride(tokenCount: columnCount)
    var random = SeededGenerator(seed: UInt64(columnCount))
    let inputs = (0..<3 * stride).map { _ in Float.random(in: -60...60, using: &random) }
    var values = inputs
    values.withUnsafeMutableBufferPointer {
      RowOperations.softmax(
        $0.baseAddress!, rowCount: 3, columnCount: columnCount, rowStride: stride)
    }
    for row in 0..<3 {
      let source = inputs[row * stride..<row * stride + columnCount].map(Double.init)
      let sum = source.reduce(0) { $0 + exp($1 - source.max()!) }
      for column in 0..<columnCount {
        let exact = exp(source[column] - source.max()!) / sum
        #expect(abs(Double(values[row * stride + column]) - exact) < 1e-6)
      }
      for column in columnCount..<stride { #expect(values[row * stride + column] == 0) }
    }
  }
}

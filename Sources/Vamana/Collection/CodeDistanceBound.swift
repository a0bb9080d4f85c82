internal import VectorMath

/// Turns distances on codes into the least that the true distances can be. See ``CodeError``.
struct CodeDistanceBound {
  /// What a distance on codes lacks, the same for all rows.
  private let constant: Float
  /// Of the query's norm, by the row's residual.
  private let residualFactor: Float
  /// Of the norm of the query's own residual, by the row's code norm.
  private let codeFactor: Float
  /// |q| + |center|: with a row's norms, the size of the numbers that were rounded.
  private let magnitude: Float
  private let roundingFactor: Float

  /// - Parameters:
  ///   - query: `dimension` floats, of unit length for cosine.
  ///   - codes: its bytes, by `quantizer`.
  init(
    query: UnsafePointer<Float>, codes: UnsafePointer<Int8>, scale: Float,
    quantizer: ByteQuantizer
  ) {
    // SAFETY: the caller vouches for `dimension` floats and as many bytes.
    let euclidean = quantizer.metric == .squaredEuclidean
    var dot: Float = 0
    var norm: Float = 0
    var centerNorm: Float = 0
    var residual: Float = 0
    quantizer.center.withUnsafeBufferPointer { center in
      for axis in 0..<center.count {
        let value = euclidean ? query[axis] - center[axis] : query[axis]
        let rest = value - scale * Float(codes[axis])
        dot += query[axis] * center[axis]
        norm += value * value
        centerNorm += center[axis] * center[axis]
        residual += rest * rest
      }
    }
    constant =
      switch quantizer.metric {
      case .cosine: 1 - dot
      case .innerProduct: -dot
      case .squaredEuclidean: norm
      }
    let factor: Float = euclidean ? 2 : 1
    residualFactor = factor * norm.squareRoot()
    codeFactor = factor * residual.squareRoot()
    magnitude = norm.squareRoot() + centerNorm.squareRoot()
    // A sum of n products in single precision is off by at most n · 2⁻²⁴ of their sizes; the sums
    // here and in the kernels are a few.
    roundingFactor = Float(quantizer.dimension) * 0x1p-22
  }

  /// Replaces each distance on codes by the least that the true distance can be.
  func lower(
    _ distances: UnsafeMutablePointer<Float>, errors: UnsafePointer<CodeError>, count: Int
  ) {
    for row in 0..<count {
      let error = errors[row]
      let size = magnitude + error.codeNorm + error.residualNorm
      distances[row] +=
        constant - residualFactor * error.residualNorm - codeFactor * error.codeNorm
        - roundingFactor * (size * size)
    }
  }
}

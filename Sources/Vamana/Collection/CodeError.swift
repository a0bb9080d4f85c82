internal import VectorMath

/// How far a row's codes are from its vector: what bounds the error of a distance computed on codes.
///
/// With x the centred vector, x̂ what its codes say, q the query and q̂ what its bytes say,
/// |q·x − q̂·x̂| ≤ |q|·|x − x̂| + |q − q̂|·|x̂|, by Cauchy and Schwarz.
struct CodeError: Sendable {
  /// |x − x̂|.
  var residualNorm: Float
  /// |x̂|.
  var codeNorm: Float

  /// - Parameter codes: a row that `quantizer` wrote of `vector`.
  init(of vector: UnsafePointer<Float>, codes: UnsafeRawPointer, quantizer: ByteQuantizer) {
    // SAFETY: the caller vouches for `dimension` floats and a whole row of codes.
    let scale =
      codes.load(fromByteOffset: 4, as: Float.self) * (quantizer.metric.usesDotProduct ? -1 : -0.5)
    let bytes = codes.advanced(by: ByteQuantizer.rowHeaderBytes)
      .assumingMemoryBound(to: UInt8.self)
    var residual = SIMD8<Float>()
    var norm = SIMD8<Float>()
    let dimension = quantizer.dimension
    quantizer.center.withUnsafeBufferPointer { center in
      func add(_ axis: Int, lane: Int) {
        let code = scale * Float(Int32(bytes[axis]) - 128)
        let rest = vector[axis] - center[axis] - code
        residual[lane] += rest * rest
        norm[lane] += code * code
      }
      var axis = 0
      while axis + 8 <= dimension {
        let code =
          SIMD8<Float>(
            SIMD8<Int32>(
              truncatingIfNeeded: UnsafeRawPointer(bytes + axis)
                .loadUnaligned(as: SIMD8<UInt8>.self)) &- 128) * scale
        let rest =
          UnsafeRawPointer(vector + axis).loadUnaligned(as: SIMD8<Float>.self)
          - UnsafeRawPointer(center.baseAddress! + axis).loadUnaligned(as: SIMD8<Float>.self)
          - code
        residual += rest * rest
        norm += code * code
        axis += 8
      }
      while axis < dimension {
        add(axis, lane: axis % 8)
        axis += 1
      }
    }
    residualNorm = residual.sum().squareRoot()
    codeNorm = norm.sum().squareRoot()
  }
}

internal import VectorMath

/// The model's arithmetic on one batch of texts.
///
/// The texts' tokens lie one after another as rows of one matrix, so that texts of different length
/// share every product without padding; only attention looks at each text by itself.
struct MiniLMForwardPass {
  let weights: MiniLMWeights
  let scratch: MiniLMScratch
  /// Who shares out the columns of each product, for a batch that is alone; nil when batches are
  /// shared out. A short text alone takes as long as its weights take to come from memory, which
  /// several threads do sooner.
  let columnWorkers: Workers?

  /// Embeds texts.
  ///
  /// - Parameters:
  ///   - tokens: the ids of all texts, `tokenCounts`' sum; each within the vocabulary.
  ///   - tokenCounts: how many of them each text has, at least 1.
  ///   - output: `tokenCounts.count × dimension` floats.
  func run(
    tokens: UnsafePointer<Int32>, tokenCounts: UnsafeBufferPointer<Int32>,
    into output: UnsafeMutablePointer<Float>
  ) {
    let rowCount = tokenCounts.reduce(0) { $0 + Int($1) }
    lookUp(tokens, tokenCounts)
    for layer in weights.layers {
      attend(layer, tokenCounts, rowCount: rowCount)
      feedForward(layer, rowCount: rowCount)
    }
    var row = 0
    for (index, count) in tokenCounts.enumerated() {
      RowOperations.unitMean(
        scratch.state + row * MiniLMShape.dimension, rowCount: Int(count),
        columnCount: MiniLMShape.dimension, into: output + index * MiniLMShape.dimension)
      row += Int(count)
    }
  }

  /// State = normalized sum of a token's, its place's and its type's embedding.
  private func lookUp(_ tokens: UnsafePointer<Int32>, _ tokenCounts: UnsafeBufferPointer<Int32>) {
    let dimension = MiniLMShape.dimension
    var row = 0
    for count in tokenCounts {
      for position in 0..<Int(count) {
        let target = scratch.state + row * dimension
        RowOperations.add(
          weights.wordEmbeddings + Int(tokens[row]) * dimension,
          weights.positionEmbeddings + position * dimension, into: target, count: dimension)
        RowOperations.add(target, weights.tokenTypeEmbeddings, into: target, count: dimension)
        row += 1
      }
    }
    normalize(scratch.state, rowCount: row, by: weights.embeddingNormalization)
  }

  /// Attended = normalized state + attention's output.
  private func attend(
    _ layer: MiniLMWeights.Layer, _ tokenCounts: UnsafeBufferPointer<Int32>, rowCount: Int
  ) {
    let size = rowCount * MiniLMShape.dimension
    let (queries, keys, values) = (scratch.wide, scratch.wide + size, scratch.wide + 2 * size)
    let contexts = scratch.wide + 3 * size
    apply(layer.query, to: scratch.state, into: queries, rowCount: rowCount)
    apply(layer.key, to: scratch.state, into: keys, rowCount: rowCount)
    apply(layer.value, to: scratch.state, into: values, rowCount: rowCount)
    var start = 0
    for count in tokenCounts {
      for head in 0..<MiniLMShape.headCount {
        let offset = start * MiniLMShape.dimension + head * MiniLMShape.headDimension
        attend(
          queries + offset, keys + offset, values + offset, into: contexts + offset,
          tokenCount: Int(count))
      }
      start += Int(count)
    }
    apply(
      layer.attentionOutput, to: contexts, adding: scratch.state, into: scratch.attended,
      rowCount: rowCount)
    normalize(scratch.attended, rowCount: rowCount, by: layer.attentionNormalization)
  }

  /// One head of one text: contexts = softmax(queries · keysᵀ / √headDimension) · values.
  private func attend(
    _ queries: UnsafePointer<Float>, _ keys: UnsafePointer<Float>, _ values: UnsafePointer<Float>,
    into contexts: UnsafeMutablePointer<Float>, tokenCount: Int
  ) {
    let row = MiniLMShape.dimension
    let stride = MiniLMScratch.scoreStride(tokenCount: tokenCount)
    BLAS.multiplyTransposed(
      queries, keys, into: scratch.scores, m: tokenCount, n: tokenCount,
      k: MiniLMShape.headDimension, lda: row, ldb: row, ldc: stride,
      alpha: 1 / Float(MiniLMShape.headDimension).squareRoot())
    RowOperations.softmax(
      scratch.scores, rowCount: tokenCount, columnCount: tokenCount, rowStride: stride)
    BLAS.multiply(
      scratch.scores, values, into: contexts, m: tokenCount, n: MiniLMShape.headDimension,
      k: tokenCount, lda: stride, ldb: row, ldc: row)
  }

  /// State = normalized attended + the two dense layers' output.
  private func feedForward(_ layer: MiniLMWeights.Layer, rowCount: Int) {
    apply(layer.intermediate, to: scratch.attended, into: scratch.wide, rowCount: rowCount)
    RowOperations.gelu(scratch.wide, count: rowCount * MiniLMShape.intermediateDimension)
    apply(
      layer.output, to: scratch.wide, adding: scratch.attended, into: scratch.state,
      rowCount: rowCount)
    normalize(scratch.state, rowCount: rowCount, by: layer.outputNormalization)
  }

  /// Output = (residual +) bias + input · weightᵀ.
  ///
  /// The bias is written first and the product added to it, which spares a pass: OpenBLAS would
  /// clear the output with one of its own.
  private func apply(
    _ linear: MiniLMWeights.Linear, to input: UnsafePointer<Float>,
    adding residual: UnsafeMutablePointer<Float>? = nil, into output: UnsafeMutablePointer<Float>,
    rowCount: Int
  ) {
    let columnCount = linear.outputCount
    for row in 0..<rowCount {
      let offset = row * columnCount
      if let residual {
        RowOperations.add(linear.bias, residual + offset, into: output + offset, count: columnCount)
      } else {
        (output + offset).update(from: linear.bias, count: columnCount)
      }
    }
    multiply(input, by: linear, into: output, rowCount: rowCount)
  }

  /// Output += input · weightᵀ, its columns shared out when there are workers.
  private func multiply(
    _ input: UnsafePointer<Float>, by linear: MiniLMWeights.Linear,
    into output: UnsafeMutablePointer<Float>, rowCount: Int
  ) {
    let (inputCount, outputCount) = (linear.inputCount, linear.outputCount)
    let width = columnWorkers.map { max(64, outputCount / (2 * $0.threadCount)) } ?? outputCount
    // SAFETY: each piece writes columns of its own and only reads the rest.
    nonisolated(unsafe) let (input, weight, output) = (input, linear.weight, output)
    let pieceCount = (outputCount + width - 1) / width
    (columnWorkers ?? Workers(threadCount: 1)).run(pieces: pieceCount) { piece, _ in
      let column = piece * width
      BLAS.multiplyTransposed(
        input, weight + column * inputCount, into: output + column, m: rowCount,
        n: min(width, outputCount - column), k: inputCount, ldc: outputCount, beta: 1)
    }
  }

  private func normalize(
    _ rows: UnsafeMutablePointer<Float>, rowCount: Int,
    by normalization: MiniLMWeights.Normalization
  ) {
    RowOperations.normalize(
      rows, rowCount: rowCount, columnCount: MiniLMShape.dimension, by: normalization,
      epsilon: MiniLMShape.normalizationEpsilon)
  }
}

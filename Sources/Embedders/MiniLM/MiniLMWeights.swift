/// The model's weights where they lie in the mapped file; nothing is copied.
///
/// Matrices are row-major, one row for each output, as `BLAS.multiplyTransposed` takes them.
struct MiniLMWeights: @unchecked Sendable {
  /// Scale and shift of a normalization, each of `dimension` floats.
  struct Normalization {
    let weight: UnsafePointer<Float>
    let bias: UnsafePointer<Float>
  }

  /// `outputCount × inputCount` weights and `outputCount` biases.
  struct Linear {
    let weight: UnsafePointer<Float>
    let bias: UnsafePointer<Float>
    let inputCount: Int
    let outputCount: Int
  }

  struct Layer {
    let query: Linear
    let key: Linear
    let value: Linear
    let attentionOutput: Linear
    let attentionNormalization: Normalization
    let intermediate: Linear
    let output: Linear
    let outputNormalization: Normalization
  }

  let wordEmbeddings: UnsafePointer<Float>
  let positionEmbeddings: UnsafePointer<Float>
  let tokenTypeEmbeddings: UnsafePointer<Float>
  let embeddingNormalization: Normalization
  let layers: [Layer]

  // SAFETY: the pointers stay valid because the file, which owns the map, is kept here; nothing
  // writes through them.
  private let file: SafetensorsFile

  /// - Throws: ``ModelFileError`` if the file is not a whole safetensors file of this model.
  init(path: String) throws(ModelFileError) {
    let file = try SafetensorsFile(path: path)
    let dimension = MiniLMShape.dimension
    func normalization(_ name: String) throws(ModelFileError) -> Normalization {
      Normalization(
        weight: try file.floats(name + ".weight", shape: [dimension]),
        bias: try file.floats(name + ".bias", shape: [dimension]))
    }
    func linear(
      _ name: String, from inputCount: Int = dimension, to outputCount: Int = dimension
    ) throws(ModelFileError) -> Linear {
      Linear(
        weight: try file.floats(name + ".weight", shape: [outputCount, inputCount]),
        bias: try file.floats(name + ".bias", shape: [outputCount]), inputCount: inputCount,
        outputCount: outputCount)
    }
    self.file = file
    wordEmbeddings = try file.floats(
      "embeddings.word_embeddings.weight", shape: [MiniLMShape.vocabularyCount, dimension])
    positionEmbeddings = try file.floats(
      "embeddings.position_embeddings.weight", shape: [MiniLMShape.positionCount, dimension])
    tokenTypeEmbeddings = try file.floats(
      "embeddings.token_type_embeddings.weight", shape: [2, dimension])
    embeddingNormalization = try normalization("embeddings.LayerNorm")
    var layers: [Layer] = []
    for index in 0..<MiniLMShape.layerCount {
      let layer = "encoder.layer.\(index)."
      let attention = layer + "attention."
      layers.append(
        Layer(
          query: try linear(attention + "self.query"),
          key: try linear(attention + "self.key"),
          value: try linear(attention + "self.value"),
          attentionOutput: try linear(attention + "output.dense"),
          attentionNormalization: try normalization(attention + "output.LayerNorm"),
          intermediate: try linear(
            layer + "intermediate.dense", to: MiniLMShape.intermediateDimension),
          output: try linear(layer + "output.dense", from: MiniLMShape.intermediateDimension),
          outputNormalization: try normalization(layer + "output.LayerNorm")))
    }
    self.layers = layers
  }
}

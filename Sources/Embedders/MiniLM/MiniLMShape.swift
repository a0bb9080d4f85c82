/// The numbers of all-MiniLM-L6-v2.
enum MiniLMShape {
  static let dimension = 384
  static let headCount = 12
  static let headDimension = dimension / headCount
  static let layerCount = 6
  static let intermediateDimension = 1536
  static let vocabularyCount = 30_522
  static let positionCount = 512
  /// What the model was trained to read of a text; more is cut off.
  static let tokenCountMax = 256
  static let normalizationEpsilon: Float = 1e-12
}

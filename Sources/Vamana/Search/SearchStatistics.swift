/// What one search cost.
public struct SearchStatistics: Hashable, Sendable {
  /// Nodes whose neighbours were read.
  public var hopCount = 0
  /// Distances computed on codes.
  public var distanceEvaluationCount = 0
  /// Distances computed on full vectors.
  public var exactDistanceEvaluationCount = 0

  public init() {}

  static func += (left: inout SearchStatistics, right: SearchStatistics) {
    left.hopCount += right.hopCount
    left.distanceEvaluationCount += right.distanceEvaluationCount
    left.exactDistanceEvaluationCount += right.exactDistanceEvaluationCount
  }
}

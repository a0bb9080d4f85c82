/// Filtered searches at one selectivity; a line of JSON.
struct FilterMeasurement: Encodable {
  /// How the matches lie towards the queries, or `none` without a filter.
  var kind: String
  /// The share of the vectors that match.
  var selectivity: Double
  var recall: Double
  /// Queries a second on one thread: the median of the passes.
  var qps: Double
  var p50Microseconds: Double
  var p99Microseconds: Double
  /// Time of a query against that without a filter, measured in turn with it.
  var ratio: Double
  /// Time of a query whose filter is made for it alone, making it included.
  var oneShotMicroseconds: Double
  /// What such queries found.
  var oneShotRecall: Double
  /// Processor time of preparing a filter, the mean over the groups of queries; the first prepared in a run
  /// groups all rows of the segment too.
  var preparationMilliseconds: Double
  /// Mean over the queries, exact ones of the re-ranking included.
  var distanceEvaluations: Double
  /// Mean over the queries.
  var hops: Double

  enum CodingKeys: String, CodingKey {
    case kind, selectivity, recall, qps, ratio, hops
    case p50Microseconds = "p50_us"
    case p99Microseconds = "p99_us"
    case oneShotMicroseconds = "one_shot_us"
    case oneShotRecall = "one_shot_recall"
    case preparationMilliseconds = "prepare_ms"
    case distanceEvaluations = "distance_evaluations"
  }
}

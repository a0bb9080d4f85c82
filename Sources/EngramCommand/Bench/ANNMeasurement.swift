/// One point of a recall-against-speed curve; a line of JSON.
struct ANNMeasurement: Encodable {
  var library = "engram"
  var config: String
  /// The list size.
  var param: Int
  /// The recall for which the index chose the list size, if it did.
  var targetRecall: Double?
  var recall: Double
  /// Queries a second over all threads: the median of the passes.
  var qps: Double
  /// The same with all queries handed over at once.
  var batchQPS: Double
  var p50Microseconds: Double
  var p99Microseconds: Double
  var buildSeconds = 0.0
  var indexBytes = 0
  /// Resident set of the process after the searches.
  var residentBytes = 0
  /// Mean over the queries, exact ones of the re-ranking included.
  var distanceEvaluations: Double
  /// Mean over the queries.
  var hops: Double

  enum CodingKeys: String, CodingKey {
    case library, config, param, recall, qps
    case targetRecall = "target_recall"
    case batchQPS = "batch_qps"
    case p50Microseconds = "p50_us"
    case p99Microseconds = "p99_us"
    case buildSeconds = "build_s"
    case indexBytes = "index_bytes"
    case residentBytes = "resident_bytes"
    case distanceEvaluations = "distance_evaluations"
    case hops
  }
}

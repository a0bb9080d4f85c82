/// What one kind of operation on the durable store took; a line of JSON.
struct StoreMeasurement: Encodable {
  var operation: String
  /// Episodes in the store meanwhile.
  var episodes: Int
  var count: Int
  /// Operations a second, the best round; of a batch the episodes.
  var perSecond: Double
  /// Over all rounds.
  var p50Microseconds: Double
  var p99Microseconds: Double
  /// The p50 of the best round: other programs slow down the others.
  var bestP50Microseconds: Double

  enum CodingKeys: String, CodingKey {
    case operation, episodes, count
    case perSecond = "per_s"
    case p50Microseconds = "p50_us"
    case p99Microseconds = "p99_us"
    case bestP50Microseconds = "best_p50_us"
  }
}

/// The state of the store after a benchmark; the last line of JSON.
struct StoreBenchmarkSummary: Encodable {
  var operation = "summary"
  var episodes: Int
  var bytes: Int
  var statementCacheHitRate: Double
  var writesATransaction: Double

  enum CodingKeys: String, CodingKey {
    case operation, episodes, bytes
    case statementCacheHitRate = "statement_cache_hit_rate"
    case writesATransaction = "writes_a_transaction"
  }
}

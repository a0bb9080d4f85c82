/// What exact search took; a document of JSON.
struct FlatMeasurement: Encodable {
  var library = "engram"
  var config: String
  var count: Int
  var dimension: Int
  var metric: String
  var k: Int
  /// Threads that searched the batch.
  var threads: Int
  var queries: Int
  /// Appending all vectors, with as many threads.
  var appendSeconds: Double
  /// Vectors, codes and ids in memory.
  var indexBytes: Int
  /// One query after the other on one thread: all passes together.
  var p50Microseconds: Double
  var p99Microseconds: Double
  /// The same: the best of the passes.
  var qps: Double
  /// All queries in one call: the best of the passes.
  var batchSeconds: Double
  var batchQPS: Double

  enum CodingKeys: String, CodingKey {
    case library, config, count, dimension, metric, k, threads, queries, qps
    case appendSeconds = "append_s"
    case indexBytes = "index_bytes"
    case p50Microseconds = "p50_us"
    case p99Microseconds = "p99_us"
    case batchSeconds = "batch_s"
    case batchQPS = "batch_qps"
  }
}

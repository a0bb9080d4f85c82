/// What one operation of the cache took; a line of JSON.
struct CacheMeasurement: Encodable {
  var library = "engram"
  var operation: String
  /// Whether values are compressed, and how.
  var config: String
  /// Records of one operation.
  var batch: Int
  /// Timed operations of a pass.
  var operations: Int
  /// Of the best pass.
  var p50Microseconds: Double
  var p99Microseconds: Double
  /// Records a second on one thread, of the best pass, timed as a whole.
  var recordsPerSecond: Double

  enum CodingKeys: String, CodingKey {
    case library, operation, config, batch, operations
    case p50Microseconds = "p50_us"
    case p99Microseconds = "p99_us"
    case recordsPerSecond = "records_per_s"
  }
}

/// What the cache takes on the disk; a line of JSON.
struct CacheSpace: Encodable {
  var library = "engram"
  var operation: String
  var config: String
  var episodes: Int
  /// Inserts that it went through.
  var inserts: Int
  /// Bytes of the stored values, of the pages in use, and of the file.
  var valueBytes: Int
  var usedBytes: Int
  var fileBytes: Int
  /// The share that compression saves of the stored values; nil for none.
  var savedShare: Double?

  enum CodingKeys: String, CodingKey {
    case library, operation, config, episodes, inserts
    case valueBytes = "value_bytes"
    case usedBytes = "used_bytes"
    case fileBytes = "file_bytes"
    case savedShare = "saved_share"
  }
}

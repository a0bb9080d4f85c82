/// One point of a recall-against-speed curve of an index that stays on disk; a line of JSON.
struct DiskMeasurement: Encodable {
  var library = "engram"
  var config: String
  /// The list size.
  var param: Int
  /// The recall for which the index chose the list size, if it did.
  var targetRecall: Double?
  var recall: Double
  /// With a warm page cache, one thread: the median of the passes.
  var qps: Double
  var p50Microseconds: Double
  var p99Microseconds: Double
  /// With no page of the index in the page cache when a query starts.
  var coldP50Microseconds: Double?
  var coldP99Microseconds: Double?
  /// Means over the queries.
  var hops: Double
  var reads: Double
  var readBytes: Double
  var cachedRecords: Double
  /// Reads that waited for the disk.
  var waitedReads: Double
  var coldWaitedReads: Double?
  /// What opening the index and all searches added to the resident set: anonymous memory, and pages of
  /// files.
  var residentAnonymousBytes = 0
  var residentFileBytes = 0
  /// The vectors' size: count × dimension × 4.
  var vectorBytes = 0
  /// The sum of both over the vectors' size.
  var residentShare = 0.0
  var indexBytes = 0
  var openSeconds = 0.0

  enum CodingKeys: String, CodingKey {
    case library, config, param, recall, qps
    case targetRecall = "target_recall"
    case p50Microseconds = "p50_us"
    case p99Microseconds = "p99_us"
    case coldP50Microseconds = "cold_p50_us"
    case coldP99Microseconds = "cold_p99_us"
    case hops, reads
    case readBytes = "read_bytes"
    case cachedRecords = "cached_records"
    case waitedReads = "waited_reads"
    case coldWaitedReads = "cold_waited_reads"
    case residentAnonymousBytes = "resident_anonymous_bytes"
    case residentFileBytes = "resident_file_bytes"
    case vectorBytes = "vector_bytes"
    case residentShare = "resident_share"
    case indexBytes = "index_bytes"
    case openSeconds = "open_s"
  }
}

/// One round of an update benchmark; a line of JSON.
struct UpdateRound: Encodable {
  /// 0 is the first load.
  var round: Int
  var count: Int
  var inserted: Int
  var deleted: Int
  var recall: Double
  /// Queries a second of one thread, after the background came to rest.
  var qps: Double
  var p50Microseconds: Double
  var p99Microseconds: Double
  /// Rows over the time spent in inserts alone.
  var insertsPerSecond: Double
  /// Rows over the time of inserts and deletes, and of the wait until sealing and merging were done.
  var sustainedInsertsPerSecond: Double
  var deletesPerSecond: Double
  var segments: Int
  var tailRows: Int
  var deadShare: Double
  /// How often each row was built so far.
  var writeAmplification: Double
  /// Searches during the writes, of all searching threads.
  var searchesDuringWrites: Int
  var p99MicrosecondsDuringWrites: Double

  enum CodingKeys: String, CodingKey {
    case round, count, inserted, deleted, recall, qps
    case p50Microseconds = "p50_us"
    case p99Microseconds = "p99_us"
    case insertsPerSecond = "inserts_per_s"
    case sustainedInsertsPerSecond = "sustained_inserts_per_s"
    case deletesPerSecond = "deletes_per_s"
    case segments
    case tailRows = "tail_rows"
    case deadShare = "dead_share"
    case writeAmplification = "write_amplification"
    case searchesDuringWrites = "searches_during_writes"
    case p99MicrosecondsDuringWrites = "p99_us_during_writes"
  }
}

/// A whole update benchmark; the last line of JSON.
struct UpdateSummary: Encodable {
  var library = "engram"
  var config: String
  var rounds: Int
  var recallFirst: Double
  var recallMin: Double
  /// Of one segment built of the last window alone; absent unless asked for.
  var recallRebuilt: Double?
  var qpsRebuilt: Double?
  /// Rows inserted after the first load over all the time of their writing, merges included.
  var sustainedInsertsPerSecond: Double
  var writeAmplification: Double
  /// Where the time of the writer went, after the first load.
  var insertSeconds: Double
  var deleteSeconds: Double
  var flushSeconds: Double
  /// Of background threads, the first load included: several may work at once.
  var sealThreadSeconds: Double
  var mergeThreadSeconds: Double
  var storeThreadSeconds: Double
  var seals: Int
  var merges: Int
  var segmentsDropped: Int
  var stalls: Int
  var residentBytes: Int

  enum CodingKeys: String, CodingKey {
    case library, config, rounds
    case recallFirst = "recall_first"
    case recallMin = "recall_min"
    case recallRebuilt = "recall_rebuilt"
    case qpsRebuilt = "qps_rebuilt"
    case sustainedInsertsPerSecond = "sustained_inserts_per_s"
    case writeAmplification = "write_amplification"
    case insertSeconds = "insert_s"
    case deleteSeconds = "delete_s"
    case flushSeconds = "flush_s"
    case sealThreadSeconds = "seal_thread_s"
    case mergeThreadSeconds = "merge_thread_s"
    case storeThreadSeconds = "store_thread_s"
    case seals, merges
    case segmentsDropped = "segments_dropped"
    case stalls
    case residentBytes = "resident_bytes"
  }
}

/// One measurement of a sync benchmark; a line of JSON.
struct SyncMeasurement: Encodable {
  var name: String
  /// Episodes, changes or searches.
  var count: Int
  /// Of all of them.
  var seconds = 0.0
  var perSecond = 0.0
  /// Of each one where there were several.
  var p50Microseconds: Double?
  var p99Microseconds: Double?
  /// The most memory that belonged to no file.
  var anonymousBytesMax: Int?
  var cacheBytes: Int?
  /// What a validation found.
  var problems: Int?

  init(name: String, count: Int) {
    self.name = name
    self.count = count
  }

  /// - Parameter times: seconds of each, at least one.
  mutating func setTimes(_ times: [Double]) {
    seconds = times.reduce(0, +)
    perSecond = Double(count) / seconds
    let latencies = Latencies(times)
    p50Microseconds = latencies.p50Microseconds
    p99Microseconds = latencies.p99Microseconds
  }

  enum CodingKeys: String, CodingKey {
    case name, count, seconds
    case perSecond = "per_s"
    case p50Microseconds = "p50_us"
    case p99Microseconds = "p99_us"
    case anonymousBytesMax = "anonymous_bytes_max"
    case cacheBytes = "cache_bytes"
    case problems
  }
}

/// One measurement of a search benchmark; a line of JSON.
struct SearchMeasurement: Encodable {
  var name: String
  /// Episodes or searches.
  var count: Int
  /// Of all of them.
  var seconds: Double
  /// Of each one where there were several.
  var p50Microseconds: Double?
  var p99Microseconds: Double?

  init(name: String, count: Int, seconds: Double) {
    self.name = name
    self.count = count
    self.seconds = seconds
  }

  /// - Parameter times: seconds of each, at least one.
  init(name: String, times: [Double]) {
    self.init(name: name, count: times.count, seconds: times.reduce(0, +))
    let latencies = Latencies(times)
    p50Microseconds = latencies.p50Microseconds
    p99Microseconds = latencies.p99Microseconds
  }

  enum CodingKeys: String, CodingKey {
    case name, count, seconds
    case p50Microseconds = "p50_us"
    case p99Microseconds = "p99_us"
  }
}

/// One measurement of a store elsewhere; a line of JSON.
struct RemoteMeasurement: Encodable {
  var name: String
  /// Operations, episodes or changes.
  var count: Int
  /// Of all of them.
  var seconds: Double
  var perSecond: Double
  /// Of each operation.
  var p50Microseconds: Double
  var p99Microseconds: Double
  /// Requests to the server of one operation, on average.
  var requestsEach: Double
  /// The p50 as a multiple of that of the round trip.
  var ratio: Double?

  /// - Parameters:
  ///   - count: all that was done, where an operation does several things.
  ///   - times: seconds of each operation, at least one.
  init(name: String, count: Int? = nil, times: [Double], requests: Int) {
    self.name = name
    self.count = count ?? times.count
    seconds = times.reduce(0, +)
    perSecond = Double(self.count) / seconds
    let latencies = Latencies(times)
    p50Microseconds = latencies.p50Microseconds
    p99Microseconds = latencies.p99Microseconds
    requestsEach = Double(requests) / Double(times.count)
  }

  enum CodingKeys: String, CodingKey {
    case name, count, seconds, ratio
    case perSecond = "per_s"
    case p50Microseconds = "p50_us"
    case p99Microseconds = "p99_us"
    case requestsEach = "requests_each"
  }
}

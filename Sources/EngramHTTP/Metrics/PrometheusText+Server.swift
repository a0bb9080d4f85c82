extension PrometheusText {
  /// What the server was asked.
  mutating func add(_ metrics: ServerMetrics.Snapshot) {
    let requests = metrics.requests.sorted {
      ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status)
    }
    add(
      "engram_http_requests_total", "Requests that were answered.", type: "counter",
      requests.map { request, count in
        (
          "",
          [
            ("method", request.method), ("route", request.route), ("status", "\(request.status)"),
          ], Double(count)
        )
      })
    var samples: [(String, [(String, String)], Double)] = []
    for (route, durations) in metrics.durations.sorted(by: { $0.key < $1.key }) {
      for (bound, count) in zip(ServerMetrics.bounds, durations.counts) {
        samples.append(
          ("_bucket", [("route", route), ("le", Self.number(bound))], Double(count)))
      }
      samples.append(("_bucket", [("route", route), ("le", "+Inf")], Double(durations.count)))
      samples.append(("_sum", [("route", route)], durations.seconds))
      samples.append(("_count", [("route", route)], Double(durations.count)))
    }
    add(
      "engram_http_request_seconds", "Seconds from a request to its answer.", type: "histogram",
      samples)
    gauge("engram_http_requests_at_work", "Requests at work.", Double(metrics.atWork))
  }
}

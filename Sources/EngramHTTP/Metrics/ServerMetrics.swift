internal import Synchronization

/// Counts of what the server was asked, and how long it took.
final class ServerMetrics: Sendable {
  struct Request: Hashable, Sendable {
    var method: String
    /// The template of the path; few, whatever clients ask for.
    var route: String
    var status: Int
  }

  /// Seconds of the requests of a route, counted in steps.
  struct Durations: Sendable {
    /// As many as there are bounds, each with those of the bounds below it.
    var counts = [Int](repeating: 0, count: ServerMetrics.bounds.count)
    var count = 0
    var seconds = 0.0
  }

  struct Snapshot: Sendable {
    var requests: [Request: Int] = [:]
    var durations: [String: Durations] = [:]
    var atWork = 0
  }

  /// Seconds.
  static let bounds = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]

  private let state = Mutex(Snapshot())

  var snapshot: Snapshot { state.withLock { $0 } }

  /// - Returns: how many are at work, this one included.
  func began() -> Int {
    state.withLock { state in
      state.atWork += 1
      return state.atWork
    }
  }

  func ended(_ request: Request, seconds: Double) {
    state.withLock { state in
      state.atWork -= 1
      state.requests[request, default: 0] += 1
      var durations = state.durations[request.route] ?? Durations()
      for (index, bound) in Self.bounds.enumerated() where seconds <= bound {
        durations.counts[index] += 1
      }
      durations.count += 1
      durations.seconds += seconds
      state.durations[request.route] = durations
    }
  }
}

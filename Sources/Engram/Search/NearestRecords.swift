internal import Vamana

/// What a walk over the vectors of an index found.
struct NearestRecords: Sendable {
  /// Nearest first.
  var hits: [SearchHit]
  /// How many were asked for.
  var wanted: Int
}

internal import Episodes

/// A page of heuristics.
struct HeuristicPage: Encodable {
  var heuristics: [Heuristic]
  var nextCursor: String?
}

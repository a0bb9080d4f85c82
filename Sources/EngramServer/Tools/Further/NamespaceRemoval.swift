internal import DurableStore
internal import Engram

/// What went with a namespace.
struct NamespaceRemoval: Encodable {
  var episodes: Int
  var patterns: Int
  var heuristics: Int
  var isErased: Bool
  var problem: String?

  init(_ report: ForgetReport) {
    episodes = report.removed.episodes
    patterns = report.removed.patterns
    heuristics = report.removed.heuristics
    isErased = report.isErased
    problem = report.problem
  }
}

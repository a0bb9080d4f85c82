internal import Episodes

/// The episodes that are reached from one.
struct GraphOutput: Encodable {
  var nodes: [RelationshipGraph.Node]
  var edges: [Relationship]
  var isCutOff: Bool
  /// Left out where it was not asked for.
  var dot: String?

  init(_ graph: RelationshipGraph, withDOT: Bool) {
    nodes = graph.nodes
    edges = graph.edges
    isCutOff = graph.isCutOff
    dot = withDOT ? graph.dot : nil
  }
}

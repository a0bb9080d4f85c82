/// Episodes and the links between them.
public struct RelationshipGraph: Hashable, Sendable, Codable {
  /// An episode of the graph.
  public struct Node: Hashable, Sendable, Codable {
    public var id: String
    public var title: String
    /// The kind of its outcome; nil while it is unfinished.
    public var outcome: TaskOutcome.Kind?
    /// Links from the episode the graph starts at; in an order the most links from one that comes first.
    public var depth: Int

    public init(id: String, title: String, outcome: TaskOutcome.Kind?, depth: Int) {
      self.id = id
      self.title = title
      self.outcome = outcome
      self.depth = depth
    }
  }

  /// The episode it starts at first, then by depth.
  public var nodes: [Node]
  public var edges: [Relationship]
  /// Whether there are more links beyond the depth or the number of episodes asked for.
  public var isCutOff: Bool

  public init(nodes: [Node], edges: [Relationship], isCutOff: Bool = false) {
    self.nodes = nodes
    self.edges = edges
    self.isCutOff = isCutOff
  }

  /// The graph in the language of Graphviz.
  public var dot: String {
    var lines = ["digraph episodes {", "  node [shape=box];"]
    for node in nodes {
      let label = node.title + "\n" + (node.outcome?.rawValue ?? "unfinished")
      lines.append("  \(Self.quoted(node.id)) [label=\(Self.quoted(label))];")
    }
    for edge in edges {
      let label = Self.quoted(edge.kind.rawValue + (edge.reason.map { "\n" + $0 } ?? ""))
      lines.append("  \(Self.quoted(edge.from)) -> \(Self.quoted(edge.to)) [label=\(label)];")
    }
    return (lines + ["}"]).joined(separator: "\n")
  }

  /// A quoted string: nothing in `text` can end it, or be taken for an escape or markup.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.properties.generalCategory == .control: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

internal import DurableStore
internal import Episodes

/// Which links of an episode.
struct EpisodeRelationsInput: Decodable {
  enum Direction: String, Decodable, CaseIterable {
    case outgoing, incoming, both

    var relationshipDirection: RelationshipDirection {
      switch self {
      case .outgoing: .outgoing
      case .incoming: .incoming
      case .both: .both
      }
    }
  }

  var episodeID: String
  var kind: RelationshipKind?
  var direction: Direction?
}

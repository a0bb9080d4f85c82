internal import Episodes

/// How far a graph goes.
struct GraphInput: Decodable {
  var episodeID: String
  var kinds: [RelationshipKind]?
  var direction: EpisodeRelationsInput.Direction?
  var depth: Int?
  var limit: Int?
  var dot: Bool?
}

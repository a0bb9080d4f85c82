internal import Episodes

/// Which episodes are put in order, by which links.
struct OrderInput: Decodable {
  var namespace: String?
  var kind: RelationshipKind?
  var episodeIDs: [String]?
}

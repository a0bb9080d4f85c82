internal import Episodes

/// A link to make.
struct RelationInput: Decodable {
  var from: String
  var to: String
  var kind: RelationshipKind
  var reason: String?
  var priority: Int?
}

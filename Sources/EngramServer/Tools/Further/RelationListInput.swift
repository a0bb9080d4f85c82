internal import Episodes

/// Which links of a namespace.
struct RelationListInput: Decodable {
  var namespace: String?
  var kind: RelationshipKind?
  var limit: Int?
}

/// What a link says anew.
struct RelationChange: Decodable {
  enum Field: String, Decodable, CaseIterable { case reason, priority }

  var relationID: String
  var reason: String?
  var priority: Int?
  var cleared: [Field]?
}

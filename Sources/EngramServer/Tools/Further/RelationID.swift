/// Which link.
struct RelationID: Decodable {
  var relationID: String
}

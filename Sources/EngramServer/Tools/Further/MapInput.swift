/// What is asked of `get_map`.
struct MapInput: Decodable {
  var namespace: String?
  var limit: Int?
}

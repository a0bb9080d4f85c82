/// What is asked of `list_changes`.
struct ChangesInput: Decodable {
  var after: Int64
  var limit: Int?
}

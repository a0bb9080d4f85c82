/// What is asked of `list_tags`.
struct TagListInput: Decodable {
  var namespace: String?
  var limit: Int?
}

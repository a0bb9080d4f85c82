internal import Episodes

/// What is asked of `search_patterns`.
struct PatternInput: Decodable {
  var query: String
  var context: TaskContext?
  var kind: PatternKind.Name?
  var namespace: String?
  var limit: Int?
  var fromOtherDomains: Bool?
}

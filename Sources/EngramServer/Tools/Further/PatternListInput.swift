internal import Episodes

/// What is asked of `list_patterns` and `list_heuristics`.
struct PatternListInput: Decodable {
  var namespace: String?
  var kind: PatternKind.Name?
  var domain: String?
  var limit: Int?
  var cursor: String?
}

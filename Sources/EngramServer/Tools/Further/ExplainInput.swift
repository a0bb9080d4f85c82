internal import Episodes

/// What is asked of `explain_pattern`.
struct ExplainInput: Decodable {
  var patternID: String
  var task: String?
  var context: TaskContext?
  var limit: Int?
}

internal import Episodes

/// What is asked of `recommend` and `get_playbook`.
struct RecommendInput: Decodable {
  var task: String
  var context: TaskContext?
  var namespace: String?
  var limit: Int?
  var episodeID: String?
  var any: Bool?
}

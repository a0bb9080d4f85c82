/// What is asked of `get_pattern_history`.
struct PatternHistoryInput: Decodable {
  var patternID: String
  var limit: Int?
}

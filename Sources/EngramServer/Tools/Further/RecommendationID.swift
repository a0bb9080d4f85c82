/// Which recommendation.
struct RecommendationID: Decodable {
  var recommendationID: String
}

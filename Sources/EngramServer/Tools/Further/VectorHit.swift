/// An episode that is near to a vector.
struct VectorHit: Encodable {
  var id: String
  var similarity: Double
  var episode: EpisodeSummary?
}

/// A point of an episode, to go on from.
struct CheckpointInput: Decodable {
  var episodeID: String
  var label: String
  var note: String?
}

/// Where to go on.
struct ResumeInput: Decodable {
  var episodeID: String
  var checkpointID: String?
  var agentID: String?
}

/// Steps, and the episode they belong to.
struct LogInput: Decodable {
  var episodeID: String
  var steps: [StepArguments]
}

internal import Episodes

/// A page of episodes in short.
struct EpisodePageOutput: Encodable {
  var episodes: [EpisodeSummary]
  var nextCursor: String?
  var note: String?
}

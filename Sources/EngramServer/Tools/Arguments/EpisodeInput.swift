internal import Episodes

/// Which episode.
struct EpisodeInput: Decodable {
  var episodeID: String
}

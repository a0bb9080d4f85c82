/// Which episodes.
struct EpisodeIDs: Decodable {
  var episodeIDs: [String]
}

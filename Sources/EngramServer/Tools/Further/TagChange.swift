internal import Episodes

/// How the tags of an episode change.
struct TagChange: Decodable {
  var episodeID: String
  var add: [Tag]?
  var remove: [Tag]?
}

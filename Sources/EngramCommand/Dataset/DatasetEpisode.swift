internal import Episodes

/// A text as a line of the import format of episodes, for questions that are put to a memory.
struct DatasetEpisode: Encodable {
  var id: String
  var taskDescription: String
  var metadata: [String: String]

  init(_ text: DatasetText) {
    id = text.id
    taskDescription = Self.prefix(of: text.text)
    metadata = text.metadata
  }

  /// As much of a text as a description may have.
  private static func prefix(of text: String) -> String {
    text.utf8.count <= EpisodeLimits.textCharactersMax
      ? text : String(text.prefix(EpisodeLimits.textCharactersMax))
  }
}

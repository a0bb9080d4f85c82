internal import Episodes

/// An episode that a vector search found, by its nearest record.
struct NearestOwner: Hashable, Sendable {
  var episode: Reference
  /// Of the nearest of its embeddings, -1 to 1.
  var similarity: Double

  enum Reference: Hashable, Sendable {
    /// In the directory that was asked, which must stand still as long as the number is used. The ids of a hundred
    /// candidates, of which ten are hits, are not worth their reading.
    case number(Int)
    /// Where no directory was asked, or it does not know the episode yet.
    case id(String)
  }

  /// - Parameter directory: that was asked for it.
  func id(in directory: EpisodeDirectory) -> String {
    switch episode {
    case .number(let number): directory.id(of: number)
    case .id(let id): id
    }
  }

  /// Nil where the directory does not know the episode.
  func number(in directory: EpisodeDirectory) -> Int? {
    switch episode {
    case .number(let number): number
    case .id(let id): directory.number(of: id)
    }
  }
}

internal import Engram
internal import Episodes

extension ToolCall {
  /// The episode with this id.
  ///
  /// - Throws: `EngramError` with code `notFound`.
  func existing(_ id: String) async throws -> Episode {
    guard let episode = try await memory().episode(id: id) else {
      throw EngramError(
        code: .notFound,
        message: "episodeID: there is no episode '\(id)'; expected one that search_memory or "
          + "list_episodes names")
    }
    return episode
  }
}

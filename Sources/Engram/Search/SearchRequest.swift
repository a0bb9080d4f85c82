public import Episodes

/// A question to the memory.
public struct SearchRequest: Hashable, Sendable {
  /// What is looked for, in words.
  public var text: String
  /// The most hits; at least 1.
  public var limit: Int
  /// Which episodes may be returned.
  public var filter: EpisodeFilter

  public init(_ text: String, limit: Int = 10, filter: EpisodeFilter = EpisodeFilter()) {
    self.text = text
    self.limit = max(1, limit)
    self.filter = filter
  }
}

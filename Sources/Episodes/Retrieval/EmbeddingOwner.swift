/// What an embedding stands for.
public struct EmbeddingOwner: Hashable, Sendable, Codable {
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    case episode, step, pattern, summary
  }

  public var kind: Kind
  /// The id of the record; for a step, of its episode.
  public var id: String
  /// Which step or part of the owner, from 0.
  public var part: Int

  public init(kind: Kind, id: String, part: Int = 0) {
    self.kind = kind
    self.id = id
    self.part = part
  }
}

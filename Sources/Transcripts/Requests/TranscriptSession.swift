public import Episodes

/// What is known of a session at a place in its transcript: enough to read on from there.
public struct TranscriptSession: Hashable, Sendable, Codable {
  /// The session's own id; nil before the transcript has told it.
  public var id: String?
  /// Of the session that started this one, for a sub-agent's.
  public var parentID: String?
  public var folder: String?
  public var branch: String?
  public var version: String?
  public var model: String?
  /// Whether the transcript is that of a sub-agent; nil before that is known.
  public var isSubagent: Bool?
  /// When it began as a copy of another: what is told up to then is of that one. Nil for one of its own.
  public var forkTime: Timestamp?
  /// The number of the first line that is its own, where the file numbers its lines and holds a copy of another.
  public var ownOrdinal: Int?
  /// Where it stands among agents that talk with one another, such as `/root/helper`.
  public var agentPath: String?
  /// How many requests came before.
  public var requestCount = 0
  /// The last time that was told.
  public var lastTime: Timestamp?

  public init() {}
}

/// What ``Memory/recordEpisodes(_:)`` did.
public struct RecordSummary: Hashable, Sendable, Codable {
  public var added = 0
  /// Stored before, and gone on since.
  public var updated = 0
  /// Stored before as they are, or with the same content under another id.
  public var unchanged = 0
  /// Forgotten before, and not stored again.
  public var forgotten = 0
  /// Deleted, because there were more than the limit on episodes allows.
  public var evicted = 0

  public init() {}

  public static func += (left: inout RecordSummary, right: RecordSummary) {
    left.added += right.added
    left.updated += right.updated
    left.unchanged += right.unchanged
    left.forgotten += right.forgotten
    left.evicted += right.evicted
  }
}

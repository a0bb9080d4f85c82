/// What an import did.
public struct ImportSummary: Hashable, Sendable, Codable {
  public var added = 0
  public var replaced = 0
  /// Stored before, and left as they were.
  public var alreadyStored = 0
  /// Of those, the ones whose content is stored under another id.
  public var sameContent = 0
  /// Forgotten before, and not stored again.
  public var forgotten = 0
  /// Deleted, because there were more than the limit on episodes allows.
  public var evicted = 0

  public init() {}

  public static func += (left: inout ImportSummary, right: ImportSummary) {
    left.added += right.added
    left.replaced += right.replaced
    left.alreadyStored += right.alreadyStored
    left.sameContent += right.sameContent
    left.forgotten += right.forgotten
    left.evicted += right.evicted
  }
}

/// What has changed between two places in the change log, as far as it matters to a search among patterns.
public struct PatternChanges: Hashable, Sendable {
  /// Where the log stands.
  public var last: Int64
  /// The ids of patterns that were written or deleted.
  public var patternIDs: Set<String> = []
  /// The ids of patterns whose vectors were written.
  public var embeddedIDs: Set<String> = []
  /// Whether entries that are needed have been trimmed: everything must be read anew.
  public var isTrimmed = false
}

/// What was copied.
public struct BackupReport: Hashable, Sendable, Codable {
  /// The file that holds the copy.
  public var path: String
  /// Its size.
  public var byteCount: Int
  /// Episodes in it.
  public var episodeCount: Int
  /// The version of its schema.
  public var schemaVersion: Int
  /// Where a restore put the file that was in the store's place and did not open as a store.
  public var setAsidePath: String?
}

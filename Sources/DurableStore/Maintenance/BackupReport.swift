/// What was copied.
public struct BackupReport: Hashable, Sendable, Codable {
  public var path: String
  public var byteCount: Int
  public var episodeCount: Int
  public var schemaVersion: Int
}

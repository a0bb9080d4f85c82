/// Whether a store works, and the state of its parts.
public struct StoreHealth: Hashable, Sendable, Codable {
  /// Whether the database answered.
  public var isReachable = false
  /// How long that took.
  public var pingSeconds = 0.0
  /// Why it did not.
  public var problem: String?
  public var schemaVersion = 0
  public var storeID = ""
  public var sqliteVersion = ""
  /// Bytes of the file and of its write-ahead log; nil for a remote.
  public var fileBytes: Int?
  public var logBytes: Int?
  public var pageBytes = 0
  public var pageCount = 0
  /// Pages that hold nothing, which a vacuum gives back.
  public var freePageCount = 0
  public var statements = SQLBackendStatistics()

  public init() {}
}

/// Whether a store works, and the state of its parts.
public struct StoreHealth: Hashable, Sendable, Codable {
  /// Whether the database answered.
  public var isReachable = false
  /// How long that took.
  public var pingSeconds = 0.0
  /// Why it did not.
  public var problem: String?
  /// The version of the schema.
  public var schemaVersion = 0
  /// The random name of the database.
  public var storeID = ""
  /// Of the library, such as 3.45.1.
  public var sqliteVersion = ""
  /// Bytes of the file; nil for a remote.
  public var fileBytes: Int?
  /// Bytes of its write-ahead log; nil for a remote.
  public var logBytes: Int?
  /// Bytes of a page.
  public var pageBytes = 0
  /// Pages of the file.
  public var pageCount = 0
  /// Pages that hold nothing, which a vacuum gives back.
  public var freePageCount = 0
  /// What was done since the store was opened.
  public var statements = SQLBackendStatistics()

  /// Of a store that has not been asked yet.
  public init() {}
}

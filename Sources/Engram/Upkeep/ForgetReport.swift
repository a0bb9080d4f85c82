public import DurableStore

/// What was forgotten, or would be.
public struct ForgetReport: Hashable, Sendable, Codable {
  public var removed = ForgetOutcome()
  /// The first of the ids.
  public var ids: [String] = []
  /// Whether the store's file was rewritten, so that nothing of it can be read there.
  public var isErased = false
  /// Why the file could not be rewritten; a vacuum does it later.
  public var problem: String?
  public var isDryRun = false

  /// The most ids that are named.
  public static let idsMax = 100

  public init() {}
}

/// What a vacuum gave back.
public struct VacuumReport: Hashable, Sendable, Codable {
  /// Of the file and its write-ahead log.
  public var bytesBefore: Int
  public var bytesAfter: Int
}

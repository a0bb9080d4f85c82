/// What a vacuum gave back.
public struct VacuumReport: Hashable, Sendable, Codable {
  /// Bytes of the file and its write-ahead log before.
  public var bytesBefore: Int
  /// And after.
  public var bytesAfter: Int
}

/// One result of a search.
public struct SearchHit: Hashable, Sendable {
  /// The caller's id of the vector.
  public var recordID: UInt64
  /// The exact distance; lower is nearer.
  public var distance: Float

  public init(recordID: UInt64, distance: Float) {
    self.recordID = recordID
    self.distance = distance
  }

  /// Nearer first; the lower id where distances are equal.
  public static func isNearer(_ left: SearchHit, _ right: SearchHit) -> Bool {
    (left.distance, left.recordID) < (right.distance, right.recordID)
  }
}

/// One entry of the change log: that a record changed, not how.
///
/// A step, a checkpoint or a tag changes its episode. A record written twice has two entries.
public struct Change: Hashable, Sendable {
  public enum Operation: String, Hashable, Sendable, Codable {
    case insert, update, delete
  }

  /// Rises with each change, in the order of the commits, and is never used again.
  public var sequence: Int64
  public var kind: RecordKind
  /// The id of the record; of an embedding or a segment, its number in decimal.
  public var recordID: String
  public var operation: Operation

  public init(sequence: Int64, kind: RecordKind, recordID: String, operation: Operation) {
    self.sequence = sequence
    self.kind = kind
    self.recordID = recordID
    self.operation = operation
  }
}

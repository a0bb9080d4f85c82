internal import DurableStore

/// What was written to the store, oldest first.
struct ChangePage: Encodable {
  struct Entry: Encodable {
    var sequence: Int64
    var kind: RecordKind
    var recordID: String
    var operation: Change.Operation
  }

  var changes: [Entry]
  /// Whether some of them are no longer known, so that anything may have changed.
  var isCutOff: Bool
  var lastChange: Int64

  init(_ changes: [Change]?, lastChange: Int64) {
    self.changes = (changes ?? []).map {
      Entry(
        sequence: $0.sequence, kind: $0.kind, recordID: $0.recordID, operation: $0.operation)
    }
    isCutOff = changes == nil
    self.lastChange = lastChange
  }
}

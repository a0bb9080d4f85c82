internal import DurableStore

/// A record that the change log names.
struct ChangedRecord: Hashable {
  var kind: RecordKind
  var id: String
}

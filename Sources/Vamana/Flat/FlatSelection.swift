/// Which rows of a view may be hits.
struct FlatSelection: Sendable {
  var filter: RecordFilter?
  var deleted = Tombstones()

  func contains(row: Int, recordID: UInt64) -> Bool {
    !deleted.contains(row) && filter?.contains(recordID) ?? true
  }
}

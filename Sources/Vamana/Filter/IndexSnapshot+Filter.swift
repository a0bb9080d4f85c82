extension IndexSnapshot {
  /// Does ahead of time what searches of this snapshot with `filter` would do sooner or later.
  ///
  /// - Complexity: that of ``RecordFilter/prepare(for:)`` for each segment.
  public func prepare(_ filter: RecordFilter) {
    for entry in segments { filter.prepare(for: entry.source.segment) }
  }
}

extension FlatSearch {
  /// Offers the selected rows of `view` to what was found elsewhere; for a search of one query.
  ///
  /// - Parameter nearest: has room for `k` hits. The nearer those it holds, the more rows are ruled out.
  func scan(
    _ view: FlatView, query: UnsafePointer<Float>, k: Int, selection: FlatSelection,
    into nearest: inout HitHeap
  ) {
    begin(view, queries: query, k: k, selection: selection)
    // Swapped, not copied: the heap is changed in place.
    swap(&candidates[0].nearest, &nearest)
    scan()
    scorePending(0)
    swap(&candidates[0].nearest, &nearest)
    end()
  }
}

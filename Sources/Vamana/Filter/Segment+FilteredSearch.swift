internal import VectorMath

extension Segment {
  /// Finds the nearest of the records that `filter` allows: exactly `min(k, matches)`.
  ///
  /// Matches are scanned or walked to, see ``FilterPlan``. Whatever finds too few is followed by a scan.
  func searchFiltered(
    _ query: PreparedQuery, filter: RecordFilter, parameters: WalkParameters,
    scratch: SearchScratch
  ) {
    let matches = filter.matches(in: self)
    let wanted = min(parameters.k, matches.count)
    guard wanted > 0 else { return }
    guard matches.count > parameters.rerankCount else {
      return rankAll(matches, query: query, scratch: scratch)
    }
    let plan = FilterPlan(segment: self, matchCount: matches.count, parameters: parameters)
    let codes = plan.allowsCodes ? matches.codes(for: self) : nil
    if plan.prefersWalk, !(plan.prefersCodes && codes != nil) {
      walk(
        to: matches, query: query, plan: plan, parameters: parameters,
        stopsWhenLost: codes != nil, scratch: scratch)
    }
    if scratch.hits.count < wanted, let codes {
      scratch.finishHits(k: 0)
      scan(codes, query: query, parameters: parameters, scratch: scratch)
    }
    if scratch.hits.count < wanted {
      scratch.finishHits(k: 0)
      scan(matches, query: query, parameters: parameters, scratch: scratch)
    }
    if scratch.hits.count < wanted {
      // Distances beyond what a number can hold are left out above.
      scratch.finishHits(k: 0)
      rankAll(matches, query: query, scratch: scratch)
    }
  }
}

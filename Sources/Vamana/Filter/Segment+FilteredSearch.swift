internal import VectorMath

extension Segment {
  /// Finds the nearest of the records that `filter` allows: exactly `min(k, matches)`.
  ///
  /// Matches are scanned or walked to, see ``FilterPlan``. Whatever finds too few is followed by a scan. Hits are
  /// left in their order.
  func searchFiltered(
    _ query: PreparedQuery, filter: RecordFilter, parameters: WalkParameters,
    scratch: SearchScratch
  ) {
    let matches = filter.matches(in: self)
    let wanted = min(parameters.k, matches.count)
    guard wanted > 0 else { return }
    collect(matches, query: query, parameters: parameters, scratch: scratch)
    // A walk whose table of visited nodes was too full has met some nodes twice.
    scratch.finishDistinctHits(k: parameters.k)
    if scratch.hits.count < wanted {
      scratch.finishHits(k: 0)
      scan(matches, query: query, parameters: parameters, scratch: scratch)
      scratch.finishHits(k: parameters.k)
    }
    if scratch.hits.count < wanted {
      // Distances beyond what a number can hold are left out above.
      scratch.finishHits(k: 0)
      rankAll(matches, query: query, scratch: scratch)
      scratch.finishHits(k: parameters.k)
    }
  }

  /// Turns the nearest matches into hits, in any order and some perhaps twice, the way that takes least time; none
  /// if a scan of all has to follow.
  private func collect(
    _ matches: FilterMatches, query: PreparedQuery, parameters: WalkParameters,
    scratch: SearchScratch
  ) {
    guard matches.count > parameters.rerankCount else {
      return rankAll(matches, query: query, scratch: scratch)
    }
    if let prepared = matches.prepared {
      return scan(prepared, query: query, parameters: parameters, scratch: scratch)
    }
    let plan = FilterPlan(segment: self, matchCount: matches.count, parameters: parameters)
    matches.addSearch(nanoseconds: plan.nanoseconds, of: self)
    if plan.prefersWalk {
      walk(to: matches, query: query, plan: plan, parameters: parameters, scratch: scratch)
    }
  }
}

internal import VectorMath

extension Segment {
  /// Finds the nearest of the records that `filter` allows: exactly `min(k, matches)`.
  ///
  /// Matches are scanned or walked to, whichever is likely to read less; see ``FilterPlan``.
  func searchFiltered(
    _ query: PreparedQuery, filter: RecordFilter, parameters: WalkParameters,
    scratch: SearchScratch
  ) {
    let matches = filter.matches(in: self)
    guard matches.count > 0 else { return }
    let plan = FilterPlan(segment: self, matchCount: matches.count, parameters: parameters)
    if plan.isWalk {
      let found = walk(to: matches, query: query, plan: plan, scratch: scratch)
      if found.count >= min(parameters.k, matches.count) {
        return rankExactly(found, count: min(found.count, max(plan.rank, parameters.k)), query: query, scratch: scratch)
      }
    }
    if let codes = matches.codes(for: self) {
      scan(codes, query: query, parameters: parameters, scratch: scratch)
    } else {
      scan(matches, query: query, parameters: parameters, scratch: scratch)
    }
  }

  private func rankExactly(_ found: CandidatePool, count: Int, query: PreparedQuery, scratch: SearchScratch) {
    for index in 0..<count { scratch.batch.base[index] = found[index].node }
    appendExact(count: count, query: query, scratch: scratch)
  }
}

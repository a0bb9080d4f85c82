internal import Foundation
internal import Platform
internal import Vamana
internal import VectorMath

/// Measures filtered searches against searches without a filter, in turn.
struct FilterBenchmark {
  var workload: FilterWorkload
  var selectivities: [Double]
  var kinds: [FilterWorkload.Kind]
  var parameters: SearchParameters
  /// Threads that compute the truth; one searches.
  var threadCount: Int

  /// Passes over all queries, each with a filter and without; the median is reported.
  private static let repeatCount = 5
  /// Queries that are asked with a filter of their own.
  private static let oneShotCountMax = 200

  /// Runs the benchmark.
  ///
  /// - Parameter emit: called with each finished measurement, that without a filter first.
  func run(on segment: Segment, emit: (FilterMeasurement) throws -> Void) throws {
    let all = workload.groups.map { _ in Filtered(matches: nil, truth: []) }
    let truth = try truth(of: nil)
    try emit(
      measure(
        segment, zip(all, truth).map { Filtered(matches: nil, truth: $1) }, kind: "none",
        selectivity: 1))
    for selectivity in selectivities {
      for kind in kinds {
        let matches = workload.matches(kind, selectivity: selectivity)
        let filtered = zip(matches, try self.truth(of: matches)).map {
          Filtered(matches: $0, truth: $1)
        }
        try emit(
          measure(segment, filtered, kind: kind.rawValue, selectivity: selectivity))
      }
    }
  }

  /// What a group of queries is asked with, and what should come back.
  private struct Filtered {
    var matches: [UInt64]?
    /// For each query of the group.
    var truth: [Set<UInt64>]
    var filter: RecordFilter?

    init(matches: [UInt64]?, truth: [Set<UInt64>]) {
      self.matches = matches
      self.truth = truth
      filter = matches.map { RecordFilter($0) }
    }
  }

  /// The nearest matches of each query of each group.
  private func truth(of matches: [[UInt64]]?) throws -> [[Set<UInt64>]] {
    workload.groups.enumerated().map { group, members in
      let rows = matches?[group]
      let base = rows.map { FilterWorkload.rows($0, of: workload.base) } ?? workload.base
      let queries = FilterWorkload.rows(members, of: workload.queries)
      return withExtendedLifetime((base, queries)) {
        ExactNeighbors.find(
          base: base.baseAddress, baseCount: base.count, queries: queries.baseAddress,
          queryCount: queries.count, dimension: base.dimension, metric: workload.metric,
          k: parameters.k, threadCount: threadCount
        ).map { nearest in Set(nearest.map { rows?[Int($0)] ?? UInt64($0) }) }
      }
    }
  }

  private func measure(
    _ segment: Segment, _ filtered: [Filtered], kind: String, selectivity: Double
  ) throws -> FilterMeasurement {
    let scratch = SearchScratch()
    let filters = filtered.map(\.filter)
    let none = filtered.map { _ in RecordFilter?.none }
    let start = Self.processorSeconds
    for filter in filters { filter?.prepare(for: segment) }
    let preparation = (Self.processorSeconds - start) / Double(max(1, filters.count))
    let counted = try count(segment, filtered, scratch: scratch)
    var seconds: [Double] = []
    var ratios: [Double] = []
    var latencies: [Double] = []
    for _ in 0..<Self.repeatCount {
      let (plain, _) = try pass(segment, filters: none, scratch: scratch)
      let (timed, each) = try pass(segment, filters: filters, scratch: scratch)
      latencies += each
      seconds.append(each.reduce(0, +))
      ratios.append(timed / plain)
    }
    seconds.sort()
    ratios.sort()
    let times = Latencies(latencies)
    let queryCount = Double(workload.queries.count)
    let oneShot = try oneShot(segment, filtered, scratch: scratch)
    return FilterMeasurement(
      kind: kind, selectivity: selectivity, recall: counted.recall,
      qps: queryCount / seconds[seconds.count / 2],
      p50Microseconds: times.p50Microseconds, p99Microseconds: times.p99Microseconds,
      ratio: ratios[ratios.count / 2],
      oneShotMicroseconds: oneShot.microseconds, oneShotRecall: oneShot.recall,
      preparationMilliseconds: preparation * 1e3,
      distanceEvaluations: Double(counted.evaluations) / queryCount,
      hops: Double(counted.hops) / queryCount)
  }

  private struct Count {
    var found = 0
    var wanted = 0
    var evaluations = 0
    var hops = 0

    mutating func add(_ hits: [SearchHit], truth: Set<UInt64>) {
      found += hits.count { truth.contains($0.recordID) }
      wanted += truth.count
    }

    var recall: Double { wanted == 0 ? 1 : Double(found) / Double(wanted) }
  }

  /// A pass that warms up and counts.
  private func count(
    _ segment: Segment, _ filtered: [Filtered], scratch: SearchScratch
  ) throws -> Count {
    var count = Count()
    for (members, group) in zip(workload.groups, filtered) {
      for (query, truth) in zip(members, group.truth) {
        try segment.search(
          workload.queries.row(query), parameters: parameters, filter: group.filter,
          scratch: scratch)
        count.add(scratch.hits, truth: truth)
        count.evaluations +=
          scratch.statistics.distanceEvaluationCount
          + scratch.statistics.exactDistanceEvaluationCount
        count.hops += scratch.statistics.hopCount
      }
    }
    return count
  }

  /// Asks all queries, and gives the processor seconds of all and the seconds of each.
  private func pass(
    _ segment: Segment, filters: [RecordFilter?], scratch: SearchScratch
  ) throws -> (processor: Double, each: [Double]) {
    let start = Self.processorSeconds
    var latencies: [Double] = []
    latencies.reserveCapacity(workload.queries.count)
    let clock = ContinuousClock()
    for (members, filter) in zip(workload.groups, filters) {
      var before = clock.now
      for query in members {
        try segment.search(
          workload.queries.row(query), parameters: parameters, filter: filter, scratch: scratch)
        let after = clock.now
        latencies.append((after - before).inSeconds)
        before = after
      }
    }
    return (Self.processorSeconds - start, latencies)
  }

  /// What this thread has used of a processor: other work beside does not count.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The median time of a query with a filter of its own, and the recall of such queries.
  private func oneShot(
    _ segment: Segment, _ filtered: [Filtered], scratch: SearchScratch
  ) throws -> (microseconds: Double, recall: Double) {
    var seconds: [Double] = []
    var count = Count()
    let clock = ContinuousClock()
    let share = Self.oneShotCountMax / workload.groups.count
    for (members, group) in zip(workload.groups, filtered) {
      for (query, truth) in zip(members.prefix(max(1, share)), group.truth) {
        let start = clock.now
        try segment.search(
          workload.queries.row(query), parameters: parameters,
          filter: group.matches.map { RecordFilter($0) }, scratch: scratch)
        seconds.append((clock.now - start).inSeconds)
        count.add(scratch.hits, truth: truth)
      }
    }
    return (seconds.isEmpty ? 0 : Latencies(seconds).p50Microseconds, count.recall)
  }
}

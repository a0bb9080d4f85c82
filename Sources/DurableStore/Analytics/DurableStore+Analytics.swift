public import Episodes

extension DurableStore {
  /// Counts, success rates and rewards of the episodes that meet a filter: together, by domain, task
  /// type and language, and over time.
  ///
  /// - Parameters:
  ///   - interval: the stretches of time.
  ///   - groupsMax: the most domains and languages, the most frequent ones, and the most stretches,
  ///     the latest ones.
  /// - Complexity: reads the rows of all those episodes five times, without their steps.
  public func analytics(
    matching filter: EpisodeFilter = EpisodeFilter(),
    interval: EpisodeAnalytics.Interval = .day, groupsMax: Int = 100
  ) async throws(DurableStoreError) -> EpisodeAnalytics {
    let condition = try filter.condition()
    func statement(_ key: String, order: String) -> SQLStatement {
      var condition = condition
      let limit = condition.parameter(.integer(Int64(max(0, groupsMax))))
      return SQLStatement(
        """
        SELECT \(key) AS name, \(Self.sums) FROM episodes AS e WHERE \(condition.sql)
        GROUP BY 1 ORDER BY \(order) LIMIT \(limit)
        """, condition.arguments)
    }
    let byCount = "count(*) DESC, 1"
    let results = try await read([
      SQLStatement(
        "SELECT NULL, \(Self.sums) FROM episodes AS e WHERE \(condition.sql)",
        condition.arguments),
      statement("e.domain", order: byCount), statement("e.task_type", order: byCount),
      statement("e.language", order: byCount),
      statement(Self.period(interval), order: "1 DESC"),
    ])
    let all = try Self.groups(results[0])
    return EpisodeAnalytics(
      totals: all.first?.totals ?? EpisodeAnalytics.Totals(), domains: try Self.groups(results[1]),
      taskTypes: try Self.groups(results[2]), languages: try Self.groups(results[3]),
      periods: try Self.periods(results[4], interval).reversed(), interval: interval)
  }

  private static let sums =
    """
    count(*), count(e.outcome_kind),
    count(*) FILTER (WHERE e.outcome_kind = 'success'),
    count(*) FILTER (WHERE e.outcome_kind = 'partialSuccess'),
    count(*) FILTER (WHERE e.outcome_kind = 'failure'),
    count(*) FILTER (WHERE e.outcome_kind = 'abstained'),
    avg(e.reward_total), avg((e.end_time - e.start_time) / 1e9), avg(max(e.step_count, 0))
    """

  /// The number of a stretch of time, counted from 1970; rounded down also before.
  private static func period(_ interval: EpisodeAnalytics.Interval) -> String {
    func floor(_ value: String, by unit: String) -> String {
      "(\(value) / \(unit) - (\(value) % \(unit) < 0))"
    }
    switch interval {
    case .hour: return floor("e.start_time", by: "3600000000000")
    case .day: return floor("e.start_time", by: "86400000000000")
    // 1970 began on a Thursday.
    case .week: return floor("(\(floor("e.start_time", by: "86400000000000")) + 3)", by: "7")
    }
  }

  private static func groups(
    _ result: SQLResult
  ) throws(DurableStoreError) -> [EpisodeAnalytics.Group] {
    var groups: [EpisodeAnalytics.Group] = []
    for values in result.rows {
      var row = RowReader(table: "episodes", columns: result.columns, values: values)
      let name = try row.optionalText()
      groups.append(EpisodeAnalytics.Group(name: name, totals: try totals(&row)))
    }
    return groups
  }

  private static func periods(
    _ result: SQLResult, _ interval: EpisodeAnalytics.Interval
  ) throws(DurableStoreError) -> [EpisodeAnalytics.Period] {
    var periods: [EpisodeAnalytics.Period] = []
    for values in result.rows {
      var row = RowReader(table: "episodes", columns: result.columns, values: values)
      let number = try row.integer()
      let seconds =
        switch interval {
        case .hour: number * 3600
        case .day: number * 86_400
        case .week: (number * 7 - 3) * 86_400
        }
      let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
      let start = Timestamp(nanosecondsSince1970: overflow ? .min : nanoseconds)
      periods.append(EpisodeAnalytics.Period(start: start, totals: try totals(&row)))
    }
    return periods
  }

  private static func totals(
    _ row: inout RowReader<some RowValues>
  ) throws(DurableStoreError) -> EpisodeAnalytics.Totals {
    var totals = EpisodeAnalytics.Totals()
    totals.episodes = Int(try row.integer())
    totals.finished = Int(try row.integer())
    totals.successes = Int(try row.integer())
    totals.partialSuccesses = Int(try row.integer())
    totals.failures = Int(try row.integer())
    totals.abstentions = Int(try row.integer())
    totals.averageReward = try row.optionalReal()
    totals.averageSeconds = try row.optionalReal()
    totals.averageSteps = try row.optionalReal()
    if totals.finished > 0 {
      totals.successRate = Double(totals.successes) / Double(totals.finished)
    }
    return totals
  }
}

internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes
internal import Foundation

struct AnalyticsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analytics",
    abstract:
      "Counts, success rates and rewards: by domain, task type and language, and over time.",
    discussion: """
      EXAMPLES
        engram analytics
        engram analytics --domain web --since 90d --interval week
        engram analytics --format json
      """)

  @Option(help: "The stretches of time; weeks begin on Monday, all at midnight UTC.")
  var interval: EpisodeAnalytics.Interval = .day

  @Option(help: "The most rows of each table, 1 to 10000.")
  var limit = 20

  @OptionGroup var filters: FilterOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws { try OptionRange.check(("--limit", limit, 1...10_000)) }

  func run() async throws {
    let filter = try filters.filter()
    let analytics = try await global.withMemory(
      shardOf: try filters.scope.namespace(), creating: false
    ) {
      try await $0.analytics(matching: filter, interval: interval, groupsMax: limit)
    }
    try global.output.print(analytics) { Self.text(analytics) }
  }

  static func text(_ analytics: EpisodeAnalytics) -> String {
    let totals = analytics.totals
    if totals.episodes == 0 { return "no episode matches" }
    var lines = [
      "\(totals.episodes) episodes, \(totals.finished) finished: \(totals.successes) succeeded, "
        + "\(totals.partialSuccesses) in part, \(totals.failures) failed, "
        + "\(totals.abstentions) abstained"
    ]
    func table(_ title: String, _ rows: [(String, EpisodeAnalytics.Totals)]) {
      if rows.isEmpty { return }
      let names = ([title] + rows.map { TerminalText.truncated($0.0, columns: 40) })
      let width = names.map(TerminalText.columns).max() ?? 0
      func padded(_ name: String) -> String {
        name + String(repeating: " ", count: width - TerminalText.columns(name))
      }
      lines.append("")
      lines.append(padded(title) + "  episodes  success   reward  minutes    steps")
      for (name, (_, totals)) in zip(names.dropFirst(), rows) {
        lines.append(padded(name) + row(totals))
      }
    }
    table("domain", analytics.domains.map { ($0.name ?? "(none)", $0.totals) })
    table("task type", analytics.taskTypes.map { ($0.name ?? "(none)", $0.totals) })
    table("language", analytics.languages.map { ($0.name ?? "(none)", $0.totals) })
    let length = analytics.interval == .hour ? 13 : 10
    table(
      analytics.interval.rawValue,
      analytics.periods.map { (String($0.start.description.prefix(length)), $0.totals) })
    return lines.joined(separator: "\n")
  }

  private static func row(_ totals: EpisodeAnalytics.Totals) -> String {
    func number(_ value: Double?, _ format: String) -> String {
      value.map { String(format: format, $0) } ?? "-"
    }
    func right(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(1, width - text.count)) + text
    }
    return right("\(totals.episodes)", 10)
      + right(number(totals.successRate.map { $0 * 100 }, "%.1f %%"), 9)
      + right(number(totals.averageReward, "%.3f"), 9)
      + right(number(totals.averageSeconds.map { $0 / 60 }, "%.1f"), 9)
      + right(number(totals.averageSteps, "%.1f"), 9)
  }
}

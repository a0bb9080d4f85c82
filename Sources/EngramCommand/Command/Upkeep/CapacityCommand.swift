public import ArgumentParser
internal import Engram
public import Episodes

struct CapacityCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capacity",
    abstract: "Limit how many episodes are kept.",
    discussion: """
      The limits are kept with the store. A write that goes beyond them deletes the episodes that the policy \
      names first, unfinished ones last: leastRecentlyUsed those whose last use is longest ago, relevance those \
      with the lowest 0.7 · reward (at most 1) + 0.3 · e^(−hours since the last use / 24).

      EXAMPLES
        engram capacity show
        engram capacity set --episodes 100000 --policy relevance
        engram capacity enforce --dry-run
      """,
    subcommands: [
      CapacityShowCommand.self, CapacitySetCommand.self, CapacityEnforceCommand.self,
    ])
}

extension EvictionPolicy: ExpressibleByArgument {}

struct CapacityShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print the limits and how much of them is used.",
    discussion: """
      EXAMPLES
        engram capacity show
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.withMemory(creating: false) { try await $0.capacity() }
    try global.output.print(report) { Self.text(of: report) }
  }

  static func text(of report: CapacityReport) -> String {
    func limit(_ count: Int?) -> String { count.map(String.init) ?? "none" }
    var table = TextTable(["", "episodes", "limit"], right: [1, 2])
    table.append(["in all", "\(report.episodes)", limit(report.limits.episodesMax)])
    for (name, count) in report.namespaces.sorted(by: { $0.key < $1.key }) {
      table.append([
        UpkeepText.short(name, columns: 40), "\(count)", limit(report.limits.namespaceEpisodesMax),
      ])
    }
    return table.fitted + "\npolicy  \(report.limits.policy.rawValue)"
  }
}

struct CapacitySetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Set limits; 0 is none. The next write evicts what is over them.",
    discussion: """
      EXAMPLES
        engram capacity set --episodes 100000 --namespace-episodes 20000
        engram capacity set --episodes 0
      """)

  @Option(help: ArgumentHelp("The most episodes in all.", valueName: "count"))
  var episodes: Int?

  @Option(help: ArgumentHelp("The most episodes of each namespace.", valueName: "count"))
  var namespaceEpisodes: Int?

  @Option(help: "Which episodes go first.")
  var policy: EvictionPolicy?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard episodes != nil || namespaceEpisodes != nil || policy != nil else {
      throw ArgumentParser.ValidationError(
        "give --episodes, --namespace-episodes or --policy")
    }
    try OptionRange.check(
      ("--episodes", episodes ?? 0, 0...Int.max),
      ("--namespace-episodes", namespaceEpisodes ?? 0, 0...Int.max))
  }

  func run() async throws {
    let report = try await global.withMemory(creating: false) { memory in
      var limits = try await memory.capacity().limits
      if let episodes { limits.episodesMax = episodes > 0 ? episodes : nil }
      if let namespaceEpisodes {
        limits.namespaceEpisodesMax = namespaceEpisodes > 0 ? namespaceEpisodes : nil
      }
      if let policy { limits.policy = policy }
      try await memory.setCapacity(limits)
      return try await memory.capacity()
    }
    try global.output.print(report) { CapacityShowCommand.text(of: report) }
  }
}

struct CapacityEnforceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enforce",
    abstract: "Delete the episodes that are over the limits now.",
    discussion: """
      EXAMPLES
        engram capacity enforce --dry-run
        engram capacity enforce
      """)

  @Flag(help: "Only say what would go.")
  var dryRun = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.withMemory(creating: false) {
      try await $0.enforceCapacity(isDryRun: dryRun)
    }
    try global.output.print(report) {
      let episodes = UpkeepText.count(report.evicted, "episode")
      let lines = report.ids.prefix(20).map { "  " + TerminalText.printable($0) }
      return ([(dryRun ? "would evict " : "evicted ") + episodes] + lines).joined(separator: "\n")
    }
  }
}

internal import ArgumentParser
internal import Engram
internal import Episodes

struct CapacitySetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Set limits; 0 is none. The next write evicts what is over them, and a little more.",
    discussion: """
      EXAMPLES
        engram capacity set --episodes 100000 --dry-run
        engram capacity set --episodes 100000 --namespace-episodes 20000
        engram capacity set --episodes 0
      """)

  @Option(help: ArgumentHelp("The most episodes in all.", valueName: "count"))
  var episodes: Int?

  @Option(help: ArgumentHelp("The most episodes of each namespace.", valueName: "count"))
  var namespaceEpisodes: Int?

  @Option(help: "Which episodes go first.")
  var policy: EvictionPolicy?

  @Flag(help: "Only say how many episodes would be over the limits.")
  var dryRun = false

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
    let change = try await global.withMemory(creating: false) { memory in
      var limits = try await memory.capacity().limits
      if let episodes { limits.episodesMax = episodes > 0 ? episodes : nil }
      if let namespaceEpisodes {
        limits.namespaceEpisodesMax = namespaceEpisodes > 0 ? namespaceEpisodes : nil
      }
      if let policy { limits.policy = policy }
      let over = try await memory.evictions(under: limits).evicted
      if !dryRun { try await memory.setCapacity(limits) }
      var report = try await memory.capacity()
      report.limits = limits
      return CapacityChange(report: report, over: over, isDryRun: dryRun)
    }
    try global.output.print(change) { change.text }
  }
}

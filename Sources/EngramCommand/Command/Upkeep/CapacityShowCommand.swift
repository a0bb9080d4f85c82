internal import ArgumentParser
internal import Engram
internal import Episodes

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

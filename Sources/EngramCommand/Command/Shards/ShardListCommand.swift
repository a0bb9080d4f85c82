internal import ArgumentParser
internal import DurableStore
internal import Engram

struct ShardListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show each shard, where it is, and the namespaces in it.",
    discussion: """
      The exit status is 1 if a shard cannot be reached, or has episodes of a namespace that belongs to another: \
      'engram shard move' takes them there.

      EXAMPLES
        engram shard list
      """)

  @OptionGroup var global: GlobalOptions

  private struct Line: Encodable {
    var shard: String
    var place: String
    var namespaces: [NamespaceSummary] = []
    /// Namespaces that the map has elsewhere.
    var misplaced: [String] = []
    var problem: String?
  }

  func run() async throws {
    let settings = try global.settings()
    let lines = try await global.withShards { sharded in
      // At once: those that are away take no longer together than one.
      await sharded.askAll { try await $1.namespaces() }.map { shard, answer in
        var line = Line(shard: shard, place: settings.shards?.place(of: shard) ?? "")
        switch answer {
        case .success(let namespaces):
          line.namespaces = namespaces
          line.misplaced = namespaces.map(\.namespace).filter { sharded.map.shard(of: $0) != shard }
        case .failure(let error): line.problem = error.message
        }
        return line
      }
    }
    try global.output.print(lines) {
      var table = TextTable(["shard", "place", "namespace", "episodes", ""])
      for line in lines {
        let rows = line.namespaces.map { ($0.namespace, "\($0.episodes)") }
        for (namespace, episodes) in rows.isEmpty ? [("", line.problem == nil ? "0" : "?")] : rows {
          table.append([
            line.shard, line.place, namespace, episodes,
            line.problem.map(TerminalText.printable)
              ?? (line.misplaced.contains(namespace) ? "belongs to another shard" : ""),
          ])
        }
      }
      return table.fitted
    }
    if lines.contains(where: { $0.problem != nil || !$0.misplaced.isEmpty }) {
      throw ExitCode(ExitStatus.failure.rawValue)
    }
  }
}

internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

/// Where tags are replaced, and whether in earnest.
struct TagReplacementOptions: ParsableArguments {
  @OptionGroup var place: ScopeOptions

  @Flag(help: "Only say how many episodes would change.")
  var dryRun = false

  @OptionGroup var global: GlobalOptions

  /// Replaces tags and prints how many episodes have changed.
  func run(_ old: [String], by new: String?) async throws {
    let tags = try old.map { try Tag($0) }
    let replacement = try new.map { try Tag($0) }
    let namespace = try place.namespace()
    let count = try await global.withMemory(shardOf: try place.namespace(), creating: false) {
      try await $0.replaceTags(tags, by: replacement, namespace: namespace, isDryRun: dryRun)
    }
    try global.output.print(TagChange(episodes: count, dryRun: dryRun)) {
      if count == 0 {
        let names = tags.map { "'\($0.name)'" }.joined(separator: " or ")
        let place = namespace.map { " of namespace '\($0)'" } ?? ""
        return "nothing to change: no episode\(place) has the tag \(names)"
      }
      let episodes = UpkeepText.count(count, "episode")
      return dryRun ? "would change \(episodes)" : "changed \(episodes)"
    }
  }

  private struct TagChange: Encodable {
    var episodes: Int
    var dryRun: Bool
  }
}

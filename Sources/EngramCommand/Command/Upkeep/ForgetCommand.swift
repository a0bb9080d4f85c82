internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

struct ForgetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Forget episodes for good.",
    discussion: """
      Takes away the episodes with all that belongs to them, in the store, its indexes and the cache, and what \
      patterns and heuristics rest on; then the store's file is rewritten, so that nothing of them can be read \
      in it. Only their ids are kept: no import and no sync brings them back, unless 'engram import jsonl \
      --allow-forgotten' is told to. Index segments lose their vectors when the index is built again; backups \
      and exports made before still hold them, and pages that the cache no longer uses may until they are used \
      again: 'engram cache clear' writes its files anew, while no other process uses them.

      Give ids, or conditions; of several conditions all must be met.

      EXAMPLES
        engram forget ID ID2
        engram forget --session s-2026-03-02-a --dry-run
        engram forget --agent ann --until 2026-01-01 --no-erase
        engram forget --all --all-namespaces --dry-run
      """)

  @Argument(help: "The ids of episodes.")
  var ids: [String] = []

  @Flag(help: "Every episode of the namespace; with --all-namespaces, of every one.")
  var all = false

  @Flag(help: "Only say what would go.")
  var dryRun = false

  @Flag(
    inversion: .prefixedNo,
    help: "Rewrite the store's file afterwards; 'engram store vacuum' does it later.")
  var erase = true

  @OptionGroup var filters: FilterOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard try ids.isEmpty || filters.hasNoConditions && !all else {
      throw ArgumentParser.ValidationError("give ids or conditions, not both")
    }
    guard try !ids.isEmpty || !filters.isEmpty || all else {
      throw ArgumentParser.ValidationError("give ids, conditions or --all")
    }
  }

  func run() async throws {
    let filter = try filters.filter()
    let report = try await global.withMemory(
      shardOf: try filters.scope.namespace(), creating: false
    ) { memory in
      if ids.isEmpty {
        return try await memory.forget(
          matching: filter, includingAll: all, erasing: erase, isDryRun: dryRun)
      }
      // One by one: an id that is forgotten already may be given again.
      if try filters.scope.place.named() != nil {
        for id in ids where try await memory.episode(id: id) != nil {
          try await filters.scope.place.episode(id, in: memory)
        }
      }
      return try await memory.forget(ids: ids, erasing: erase, isDryRun: dryRun)
    }
    try ForgetText.print(report, by: global.output)
  }
}

internal import ArgumentParser
internal import Engram
internal import Logging

/// Options that every command on a memory takes.
struct GlobalOptions: ParsableArguments {
  @OptionGroup var location: HomeOptions

  @OptionGroup var output: OutputOptions

  /// What is set, the options included.
  func settings() throws -> Settings { try location.settings() }

  func homeFolder() throws -> Home { try settings().home }

  /// Runs `body` with the memory in the home folder.
  ///
  /// - Parameters:
  ///   - namespace: where there are shards, the memory is that of the shard that keeps it; nil for the namespace
  ///     that is set.
  ///   - creating: whether a memory is made if there is none.
  ///   - isStaying: whether the command goes on for long, so that the memory learns and seals in the background.
  ///   - tellsEvictions: whether what a limit has deleted is said on standard error.
  ///   - configure: what the command itself sets.
  func withMemory<Value>(
    shardOf namespace: String? = nil, creating: Bool = true, isStaying: Bool = false,
    tellsEvictions: Bool = true,
    configure: (inout MemoryConfiguration) -> Void = { _ in },
    _ body: (Memory) async throws -> Value
  ) async throws -> Value {
    let settings = try settings()
    var configuration = try settings.configuration(of: namespace ?? settings.namespace)
    let home = configuration.home
    guard creating || home.exists || configuration.openStore != nil else {
      throw CommandFailure(
        "there is no memory in \(home.path); 'engram init' makes one, --home or ENGRAM_HOME names "
          + "another folder", status: .missingInput)
    }
    configuration.learning.isAutomatic = isStaying
    configuration.sealing.isAutomatic = isStaying
    configure(&configuration)
    return try await Memory.using(configuration) { memory in
      let value = try await body(memory)
      if tellsEvictions { Self.tell(memory.evictions) }
      return value
    }
  }

  /// Runs `body` with the memories of all shards.
  ///
  /// - Throws: ``CommandFailure`` where none are set.
  func withShards<Value>(_ body: (ShardedMemory) async throws -> Value) async throws -> Value {
    let settings = try settings()
    guard let shards = settings.shards else {
      throw CommandFailure(
        "there are no shards; the table [shards.url] of \(settings.file.path) names them",
        status: .usage)
    }
    let sharded = try shards.memory(settings)
    do {
      let value = try await body(sharded)
      await sharded.close()
      return value
    } catch {
      await sharded.close()
      throw error
    }
  }

  private static func tell(_ evictions: EvictionReport) {
    guard evictions.evicted > 0 else { return }
    let episodes = UpkeepText.count(evictions.evicted, "episode")
    let were = evictions.evicted == 1 ? "was" : "were"
    Terminal.writeLine(
      "engram: \(episodes) \(were) evicted to keep the limit ('engram capacity show')")
  }
}

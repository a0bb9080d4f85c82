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
  ///   - creating: whether a memory is made if there is none.
  ///   - isStaying: whether the command goes on for long, so that the memory learns and seals in the background.
  ///   - tellsEvictions: whether what a limit has deleted is said on standard error.
  ///   - configure: what the command itself sets.
  func withMemory<Value>(
    creating: Bool = true, isStaying: Bool = false, tellsEvictions: Bool = true,
    configure: (inout MemoryConfiguration) -> Void = { _ in },
    _ body: (Memory) async throws -> Value
  ) async throws -> Value {
    let settings = try settings()
    let home = settings.home
    guard creating || home.exists || settings[.databaseURL] != nil else {
      throw CommandFailure(
        "there is no memory in \(home.path); 'engram init' makes one, --home or ENGRAM_HOME names "
          + "another folder", status: .missingInput)
    }
    var configuration = settings.configuration()
    configuration.learning.isAutomatic = isStaying
    configuration.sealing.isAutomatic = isStaying
    configure(&configuration)
    return try await Memory.using(configuration) { memory in
      let value = try await body(memory)
      if tellsEvictions { Self.tell(memory.evictions) }
      return value
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

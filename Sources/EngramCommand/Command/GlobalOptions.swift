internal import ArgumentParser
internal import Engram
internal import Logging

/// Options that every command on a memory takes.
struct GlobalOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The home folder. Default: ENGRAM_HOME, else engram in the XDG data folder.",
      valueName: "folder"))
  var home: String?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    // An unset shell variable must not make a memory of the working folder.
    if let home, home.isEmpty {
      throw ArgumentParser.ValidationError("--home is empty; expected a folder")
    }
  }

  var homeFolder: Home { home.map(Home.init(path:)) ?? .standard() }

  /// Runs `body` with the memory in the home folder.
  ///
  /// - Parameters:
  ///   - creating: whether a memory is made if there is none.
  ///   - isStaying: whether the command goes on for long, so that the memory learns and seals in the background.
  func withMemory<Value>(
    creating: Bool = true, isStaying: Bool = false, configuration: MemoryConfiguration? = nil,
    _ body: (Memory) async throws -> Value
  ) async throws -> Value {
    let home = homeFolder
    guard creating || home.exists else {
      throw CommandFailure(
        "there is no memory in \(home.path); 'engram init' makes one, --home or ENGRAM_HOME names "
          + "another folder", status: .missingInput)
    }
    var configuration = configuration ?? MemoryConfiguration(home: home)
    try CacheVariables.apply(to: &configuration)
    configuration.learning.isAutomatic = isStaying
    configuration.sealing.isAutomatic = isStaying
    return try await Memory.using(configuration, body)
  }
}

internal import ArgumentParser
internal import Engram
internal import Sync

struct SyncValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Compare the cache with the durable store, and repair it.",
    discussion: """
      Compares counts, the latest episode, every cached episode, pattern and heuristic, the owners of \
      embeddings and the index segments, and reads every byte of the cache. The exit status is 1 if \
      anything is found. With --repair the cache is filled anew then, and compared again; nothing is lost, \
      the durable store has it all. Opening a memory already sets a cache aside whose file is damaged, and fills a \
      new one; that is said too.

      EXAMPLES
        engram sync validate
        engram sync validate --repair --format json
      """)

  @Flag(help: "Fill the cache anew if anything is wrong with it.")
  var repair = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    var output = ValidateOutput()
    do {
      // No sweep mends beside the comparison what that is to find.
      output = try await global.withMemory(
        creating: false, configure: Self.withoutSweeps
      ) { memory in
        var output = ValidateOutput()
        output.mendedAtOpening = memory.openingRepairs
        output.validation = try await memory.validateCache()
        if repair, output.validation?.isSound == false {
          output.repair = try await memory.repairCache()
          output.repaired = try await memory.validateCache()
        }
        return output
      }
    } catch let error as EngramError where error.code == .cacheFailed && repair {
      // The file itself is broken: it is set aside, and a new one filled.
      output.brokenCache = error.message
      try await discardCache()
      output = try await global.withMemory(creating: false) { memory in
        var output = output
        output.repair = memory.openingSync
        output.repaired = try await memory.validateCache()
        return output
      }
    }
    try global.output.print(output) { output.text(columns: Terminal.outputColumns) }
    if (output.repaired ?? output.validation)?.isSound != true {
      throw ExitCode(ExitStatus.failure.rawValue)
    }
  }

  static func withoutSweeps(_ configuration: inout MemoryConfiguration) {
    configuration.cache.sweepIntervalSeconds = nil
  }

  private func discardCache() async throws {
    do {
      try Memory.discardCache(in: global.homeFolder())
    } catch {
      throw CommandFailure(
        "the cache is broken and cannot be replaced: \(error)", status: .inputOutput)
    }
  }
}

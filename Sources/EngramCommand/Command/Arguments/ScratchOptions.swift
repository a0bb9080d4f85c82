internal import ArgumentParser
internal import Foundation

/// What measurements take that draw their records and keep them in a folder of their own.
struct ScratchOptions: ParsableArguments {
  @Option(help: ArgumentHelp("What the records are drawn from.", valueName: "number"))
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "Where the files are made, and deleted again: on the disk that is to be measured. Default: the "
        + "folder for temporary files.", valueName: "folder"))
  var folder: String?

  @OptionGroup var output: OutputOptions

  /// Runs `body` with the path of a new folder, which is deleted afterwards with what is in it.
  ///
  /// - Parameter name: of the measurement; part of the folder's name.
  /// - Throws: ``CommandFailure`` when no folder can be made, or what `body` throws.
  func withFolder<Value>(
    named name: String, _ body: (String) async throws -> Value
  ) async throws -> Value {
    let parent = folder ?? FileManager.default.temporaryDirectory.path
    let path = parent + "/engram-bench-\(name)-" + UUID().uuidString
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    } catch {
      throw CommandFailure("no folder can be made in \(parent)", status: .cannotCreate)
    }
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
  }
}

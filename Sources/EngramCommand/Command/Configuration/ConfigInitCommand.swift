internal import ArgumentParser
internal import Foundation

struct ConfigInitCommand: AsyncParsableCommand, DescribesSettings {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a configuration file in which every setting is a comment.",
    discussion: """
      A file that is there stays as it is, unless --overwrite is given.

      EXAMPLES
        engram config init
        engram config init --dry-run
      """)

  @Flag(help: "Only print what would be written.")
  var dryRun = false

  @Flag(help: "Replace a file that is there.")
  var overwrite = false

  @OptionGroup var output: OutputOptions

  func run() async throws {
    if dryRun { return try StandardOutput.printLine(SettingsTemplate.text) }
    let path = SettingsFile.path(in: ProcessInfo.processInfo.environment)
    if !overwrite, FileManager.default.fileExists(atPath: path) {
      throw CommandFailure(
        "\(path) is there already; --overwrite replaces it", status: .cannotCreate)
    }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw CommandFailure(
        "cannot create \(folder): \(error.localizedDescription)", status: .cannotCreate)
    }
    var file = try OutputFile(path: path, isPrivate: true)
    try file.write(SettingsTemplate.text + "\n")
    try file.finish()
    try output.print(["file": path]) { "wrote \(path)" }
  }
}

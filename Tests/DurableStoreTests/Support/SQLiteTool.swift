import Foundation

/// The plain `sqlite3` command.
enum SQLiteTool {
  private static let path = ["/usr/bin/sqlite3", "/usr/local/bin/sqlite3"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  static var isInstalled: Bool { path != nil }

  struct Failure: Error {
    var output: String
  }

  /// Runs SQL on a file and returns what the tool prints.
  @discardableResult
  static func run(_ sql: String, on file: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path ?? "")
    process.arguments = ["-bail", "-batch", file, ".timeout 60000", sql]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(output: output) }
    return output.trimmingCharacters(in: .newlines)
  }
}

import Foundation

/// A Git repository made for one test by the `git` tool.
final class TestRepository {
  let folder: TemporaryFolder
  let path: String
  /// Seconds since 1970 of the next commit; each commit is a minute after the one before.
  private var time = 1_772_442_000

  init(name: String = "project") throws {
    folder = try TemporaryFolder()
    path = folder.path(name)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try git("init", "--quiet", "--initial-branch=main")
  }

  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  func write(_ bytes: [UInt8], to name: String) throws {
    let url = URL(fileURLWithPath: path).appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  /// Commits all that changed.
  ///
  /// - Returns: the full name of the commit.
  @discardableResult
  func commit(
    _ message: String, author: String = "Ada Lovelace <ada@example.org>",
    authorDelaySeconds: Int = 0
  ) throws -> String {
    try git("add", "--all")
    try git(
      "commit", "--quiet", "--allow-empty", "--allow-empty-message", "--cleanup=verbatim",
      "--author", author, "-m", message, authorDelaySeconds: authorDelaySeconds)
    return try head()
  }

  func head() throws -> String { try git("rev-parse", "HEAD") }

  @discardableResult
  func git(_ arguments: String..., authorDelaySeconds: Int = 0) throws -> String {
    time += 60
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-C", path] + arguments
    var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("GIT_") }
    environment["GIT_CONFIG_NOSYSTEM"] = "1"
    environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
    environment["GIT_COMMITTER_NAME"] = "Com Mitter"
    environment["GIT_COMMITTER_EMAIL"] = "committer@example.org"
    environment["GIT_AUTHOR_NAME"] = "Ada Lovelace"
    environment["GIT_AUTHOR_EMAIL"] = "ada@example.org"
    environment["GIT_AUTHOR_DATE"] = "\(time + authorDelaySeconds) +0100"
    environment["GIT_COMMITTER_DATE"] = "\(time) +0000"
    process.environment = environment
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(arguments: arguments) }
    return String(decoding: output, as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  struct Failure: Error {
    var arguments: [String]
  }
}

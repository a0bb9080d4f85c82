import Foundation
import Testing

/// A home folder that tests are hard on, deleted with the object.
final class ReliabilityHome {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("engram-reliability-\(UUID().uuidString)").path
  }

  var name: String { (path as NSString).lastPathComponent }

  /// Makes the folder, as `init` does, with nothing in it.
  func makeFolder() throws {
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func start(_ arguments: String..., input: String = "") throws -> EngramProgram.Started {
    try EngramProgram.start(arguments + ["--home", path], input: input)
  }

  /// Runs a command that must succeed.
  @discardableResult
  func succeed(
    _ arguments: String..., input: String = "", secondsMax: Double = 300,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> EngramProgram.Run {
    let run = try await EngramProgram.start(arguments + ["--home", path], input: input)
      .wait(secondsMax: secondsMax)
    let ended = try #require(run, "\(arguments) did not end", sourceLocation: sourceLocation)
    #expect(
      ended.status == 0, "\(arguments): \(ended.errors)\(ended.output)",
      sourceLocation: sourceLocation)
    return ended
  }

  /// The ids of all episodes in the durable store.
  func storedIDs() async throws -> Set<String> {
    struct Page: Decodable {
      struct Episode: Decodable { var id: String }
      var episodes: [Episode]
      var next: String?
    }
    var ids = Set<String>()
    var cursor: String?
    repeat {
      var arguments = [
        "episode", "list", "--all-namespaces", "--limit", "2000", "--format", "json", "--home",
        path,
      ]
      if let cursor { arguments += ["--after", cursor] }
      let run = try #require(try await EngramProgram.start(arguments).wait(secondsMax: 300))
      let page = try JSONDecoder().decode(Page.self, from: Data(run.output.utf8))
      ids.formUnion(page.episodes.map(\.id))
      cursor = page.next
    } while cursor != nil
    return ids
  }

  /// That the home opens, the cache agrees with the store, and a search finds something.
  func expectSound(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await succeed("sync", "validate", sourceLocation: sourceLocation)
    let search = try await succeed(
      "search", Workload.words[0], "--all-namespaces", "--limit", "3",
      sourceLocation: sourceLocation)
    #expect(!search.output.isEmpty, sourceLocation: sourceLocation)
  }

  /// What SQLite itself says of the file.
  func integrity() throws -> String {
    try sqlite("PRAGMA integrity_check; PRAGMA foreign_key_check;")
  }

  var databasePath: String { path + "/engram.db" }

  /// Runs SQL on the durable store with the plain `sqlite3` command.
  @discardableResult
  func sqlite(_ sql: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
    process.arguments = ["-bail", "-batch", databasePath, ".timeout 60000", sql]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }
}

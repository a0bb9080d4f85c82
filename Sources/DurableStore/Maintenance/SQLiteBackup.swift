internal import Dispatch
internal import Foundation
internal import Platform

/// Copies one database file into another with SQLite's online backup.
///
/// The source may be in use: the copy is of one snapshot, which a read transaction holds, so that
/// writes neither wait nor make the copy start again. The copy is made under another name, is checked
/// as a whole, and gets its name when it is on the disk: a crash leaves the old file or the new one.
struct SQLiteBackup: Sendable {
  var source: String
  var destination: String

  struct Outcome: Sendable {
    /// What the check of the copy found; then the copy has been deleted.
    var problems: [String]
    var episodeCount = 0
  }

  func run() async throws(SQLError) -> Outcome {
    let result: Result<Outcome, SQLError> = await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        do throws(SQLError) {
          continuation.resume(returning: .success(try copyAndCheck()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try result.get()
  }

  private func copyAndCheck() throws(SQLError) -> Outcome {
    let partial = destination + ".partial"
    try Self.createEmpty(partial)
    var isKept = false
    defer { if !isKept { try? FileManager.default.removeItem(atPath: partial) } }
    let outcome = try copy(to: partial)
    guard outcome.problems.isEmpty else { return outcome }
    try Self.publish(partial, as: destination)
    isKept = true
    return outcome
  }

  private func copy(to partial: String) throws(SQLError) -> Outcome {
    let counters = StatementCounters()
    let from = try SQLiteConnection(
      path: source, role: .reader, busyTimeoutSeconds: 10, counters: counters)
    defer { from.close() }
    let to = try SQLiteConnection(
      path: partial, role: .writer, busyTimeoutSeconds: 10, counters: counters)
    defer { to.close() }
    try from.backUp(to: to)
    // One plain file, without a log beside it.
    try to.script("PRAGMA journal_mode = DELETE")
    var outcome = Outcome(problems: [])
    for query in [
      "SELECT integrity_check FROM pragma_integrity_check() LIMIT 20",
      "SELECT \"table\" || ' refers to a missing row of ' || \"parent\" "
        + "FROM pragma_foreign_key_check() LIMIT 20",
    ] {
      for row in try to.execute(SQLStatement(query)).rows {
        if case .text(let problem)? = row.first, problem != "ok" {
          outcome.problems.append(problem)
        }
      }
    }
    let hasEpisodes = SQLStatement("SELECT count(*) FROM sqlite_schema WHERE name = 'episodes'")
    if try to.execute(hasEpisodes).firstInteger == 1 {
      let count = try to.execute(SQLStatement("SELECT count(*) FROM episodes"))
      outcome.episodeCount = Int(count.firstInteger ?? 0)
    }
    return outcome
  }

  /// An empty file that only its owner may read, instead of what was left of an earlier try.
  private static func createEmpty(_ path: String) throws(SQLError) {
    for suffix in ["", "-journal", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: path + suffix)
    }
    let file = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw fileError("cannot be created", path) }
    _ = Foundation.close(file)
  }

  private static func publish(_ partial: String, as path: String) throws(SQLError) {
    do {
      try DurableFile.publish(partial, as: path)
    } catch {
      throw SQLError(kind: .cannotOpen, message: "\(error)")
    }
  }

  private static func fileError(_ problem: String, _ path: String) -> SQLError {
    SQLError(
      kind: .cannotOpen, message: "\(path) \(problem): \(String(cString: strerror(errno)))")
  }
}

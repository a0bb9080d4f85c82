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
  /// Whether a file that is there is replaced, also one that comes while the copy is made.
  var replaces = true

  struct Outcome: Sendable {
    /// What the check of the copy found; then the copy has been deleted.
    var problems: [String]
    var episodeCount = 0
  }

  /// A name that no other program gives its files: what has it is what was left of an earlier try.
  static let partialSuffix = ".engram-partial"

  func run() async throws(SQLError) -> Outcome {
    try await BlockingThread.run { () throws(SQLError) in try copyAndCheck() }
  }

  private func copyAndCheck() throws(SQLError) -> Outcome {
    // Known before minutes are spent.
    try Self.refuseOrphans(destination)
    let partial = destination + Self.partialSuffix
    let file = try Self.createEmpty(partial)
    // Last: with a file that is closed go the locks that SQLite has on it in this process.
    defer { _ = Foundation.close(file) }
    var isKept = false
    defer { if !isKept { unlink(partial) } }
    let outcome = try copy(to: partial)
    guard outcome.problems.isEmpty else { return outcome }
    try Self.settle(destination)
    try Self.publish(partial, as: destination, replaces: replaces)
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
  ///
  /// - Returns: the open file, which keeps others from copying to the same place until it is closed.
  private static func createEmpty(_ path: String) throws(SQLError) -> CInt {
    let file = open(path, O_CREAT | O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw fileError("cannot be created", path) }
    do throws(SQLError) {
      var opened = stat()
      var named = stat()
      guard flock(file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK, fstat(file, &opened) == 0,
        // Whoever had it until now may have given it its name, or removed it.
        stat(path, &named) == 0, opened.st_ino == named.st_ino, opened.st_dev == named.st_dev
      else {
        throw SQLError(kind: .busy, message: "another copy to the same place is under way")
      }
      for suffix in SQLiteFile.companionSuffixes { unlink(path + suffix) }
      guard fchmod(file, 0o600) == 0, ftruncate(file, 0) == 0 else {
        throw fileError("cannot be written", path)
      }
    } catch {
      _ = Foundation.close(file)
      throw error
    }
    return file
  }

  /// Brings the log or journal of a file that is about to be replaced into it: beside the new file it would
  /// be taken for the new file's own. Until then the old one is complete at every moment.
  private static func settle(_ path: String) throws(SQLError) {
    let companions = SQLiteFile.companionSuffixes.map { path + $0 }
    guard companions.contains(where: { access($0, F_OK) == 0 }) else { return }
    if access(path, F_OK) == 0 {
      do throws(SQLError) {
        let old = try SQLiteConnection(
          path: path, role: .writer, busyTimeoutSeconds: 0.5, counters: StatementCounters())
        defer { old.close() }
        let mode = try old.execute(SQLStatement("PRAGMA journal_mode = DELETE"))
        guard mode.rows == [[.text("delete")]] else {
          throw SQLError(kind: .busy, message: "the file is in use")
        }
      } catch {
        // What is no database, or none any more, has nothing to keep.
        guard error.kind == .notADatabase || error.kind == .corrupt else { throw error }
      }
    } else {
      try refuseOrphans(path)
    }
    for companion in companions { unlink(companion) }
  }

  /// Refuses a name whose log or journal is there without it: that of a database that somebody has moved away.
  private static func refuseOrphans(_ path: String) throws(SQLError) {
    let companions = SQLiteFile.companionSuffixes.map { path + $0 }
    guard access(path, F_OK) != 0,
      let companion = companions.first(where: { access($0, F_OK) == 0 })
    else { return }
    throw SQLError(
      kind: .cannotOpen,
      message: "\(companion) is there without \(path); expected neither, or another name")
  }

  /// What the error says of a file that is there.
  static let isThere = "it is there already"

  private static func publish(
    _ partial: String, as path: String, replaces: Bool
  ) throws(SQLError) {
    do throws(FileFailure) {
      if replaces {
        try DurableFile.publish(partial, as: path)
      } else {
        try DurableFile.publishNew(partial, as: path)
      }
    } catch {
      if !replaces, error.isTaken { throw SQLError(kind: .cannotOpen, message: isThere) }
      throw SQLError(kind: .cannotOpen, message: "\(error)")
    }
  }

  private static func fileError(_ problem: String, _ path: String) -> SQLError {
    SQLError(
      kind: .cannotOpen, message: "\(path) \(problem): \(String(cString: strerror(errno)))")
  }
}

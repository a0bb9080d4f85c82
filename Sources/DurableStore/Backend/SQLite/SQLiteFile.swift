import Foundation

/// Looks at a database file before it is opened for writing, so that a file that is refused is left
/// as it was.
enum SQLiteFile {
  /// What SQLite puts beside a file while it is open, or leaves there when the process is killed.
  static let companionSuffixes = ["-journal", "-wal", "-shm"]

  /// What the file at `path` holds; a missing or empty file is empty.
  ///
  /// - Throws: ``DurableStoreError`` when the file cannot be read or is no database.
  static func inspect(
    path: String, busyTimeoutSeconds: Double
  ) throws(DurableStoreError) -> SchemaState {
    try checkFolder(of: path)
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
      (attributes[.size] as? NSNumber)?.intValue ?? 0 > 0
    else { return .empty }
    do throws(SQLError) {
      return try read(path: path, busyTimeoutSeconds: busyTimeoutSeconds)
    } catch {
      throw openingError(error, path: path)
    }
  }

  private static func read(
    path: String, busyTimeoutSeconds: Double
  ) throws(SQLError) -> SchemaState {
    do throws(SQLError) {
      return try read(path: path, role: .reader, busyTimeoutSeconds: busyTimeoutSeconds)
    } catch {
      guard error.needsRecovery else { throw error }
      // A process was killed while it changed the file, and left the old pages in a journal or the new
      // ones in a log. Only a connection that may write brings the file back to how it was before, and
      // that is what any program does that opens it.
      return try read(path: path, role: .writer, busyTimeoutSeconds: busyTimeoutSeconds)
    }
  }

  private static func read(
    path: String, role: SQLiteConnection.Role, busyTimeoutSeconds: Double
  ) throws(SQLError) -> SchemaState {
    let connection = try SQLiteConnection(
      path: path, role: role, busyTimeoutSeconds: busyTimeoutSeconds,
      counters: StatementCounters())
    defer { connection.close() }
    return try SchemaState.read { (statement) throws(SQLError) in
      try connection.execute(statement)
    }
  }

  /// Says in plain words why a file did not open.
  static func openingError(_ error: SQLError, path: String) -> DurableStoreError {
    switch error.kind {
    case .notADatabase: .notADatabase(path: path)
    case .cannotOpen, .readOnly:
      .cannotOpen(
        path: path,
        problem: FileManager.default.fileExists(atPath: path)
          ? "no permission to write it and its folder"
          : "no file can be created in its folder")
    default: .database(error)
    }
  }

  private static func checkFolder(of path: String) throws(DurableStoreError) {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw .cannotOpen(path: path, problem: "it is a folder, not a file")
    }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
      throw .cannotOpen(path: path, problem: "the folder \(folder) does not exist")
    }
    guard isFolder.boolValue else {
      throw .cannotOpen(path: path, problem: "\(folder) is a file, not a folder")
    }
  }
}

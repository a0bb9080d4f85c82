#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The folder that holds one memory.
///
/// ```
/// engram.db          the durable store: the truth
/// cache/records/     LMDB: hot episodes, patterns, embeddings
/// cache/segments/    LMDB: index segments
/// cache/words.index  the index of words
/// ```
///
/// `cache` can be deleted at any time when no process uses it; the next sync fills it again.
public struct Home: Hashable, Sendable {
  /// The absolute path of the folder.
  public let path: String

  /// The environment variable that names the folder.
  public static let variable = "ENGRAM_HOME"

  public var databasePath: String { path + "/engram.db" }
  public var recordCachePath: String { path + "/cache/records" }
  public var segmentCachePath: String { path + "/cache/segments" }
  public var wordIndexPath: String { path + "/cache/words.index" }

  /// - Parameter path: relative paths are taken from the working directory.
  public init(path: String) {
    if path.hasPrefix("/") {
      self.path = path
    } else {
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
      let directory = getcwd(&buffer, buffer.count).map { String(cString: $0) } ?? "."
      self.path = directory + "/" + path
    }
  }

  /// `ENGRAM_HOME` if set, else `engram` in the user's data folder (`XDG_DATA_HOME`, by default
  /// `~/.local/share`).
  public static func standard() -> Home {
    func value(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    if let path = value(variable) { return Home(path: path) }
    // The XDG specification has relative paths ignored.
    let data = value("XDG_DATA_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
    return Home(path: (data ?? (value("HOME") ?? "") + "/.local/share") + "/engram")
  }

  /// Whether a memory has been made here.
  public var exists: Bool {
    var status = stat()
    // An opening that failed leaves an empty file.
    return stat(databasePath, &status) == 0 && status.st_size > 0 || hasCache
  }

  /// Whether there is a cache, which serves reads while the durable store is away.
  public var hasCache: Bool { access(recordCachePath + "/data.mdb", F_OK) == 0 }

  /// Makes the folders where they are missing, for their owner only (0700), and refuses folders and files
  /// that others could have put in their place.
  ///
  /// Above the home symbolic links are followed, as those of the system are.
  ///
  /// - Throws: ``EngramError`` with code `unusableHome`: for a home, or a folder or file in it, that is a
  ///   symbolic link, belongs to another user, or can be written by everybody.
  func makeDirectories() throws(EngramError) {
    var made = ""
    for component in path.split(separator: "/") {
      made += "/" + component
      if mkdir(made, 0o700) != 0, errno != EEXIST, errno != EISDIR {
        let problem = String(cString: strerror(errno))
        var status = stat()
        // Folders above may be there and not be ours to make.
        if stat(made, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { continue }
        throw unusable("cannot create \(made): \(problem)")
      }
      var status = stat()
      guard stat(made, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw unusable("\(made) is not a folder")
      }
    }
    try requireOwn(made.isEmpty ? "/" : made, S_IFDIR)
    guard access(path, W_OK | X_OK) == 0 else {
      throw unusable(
        "\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
    if mkdir(path + "/cache", 0o700) != 0, errno != EEXIST {
      throw unusable("cannot create \(path)/cache: \(String(cString: strerror(errno)))")
    }
    for folder in [path + "/cache", recordCachePath, segmentCachePath] {
      try requireOwn(folder, S_IFDIR)
    }
    for file in [databasePath, databasePath + "-wal", databasePath + "-shm"] {
      try requireOwn(file, S_IFREG)
    }
  }

  /// Makes the file of the durable store, if it is missing, for its owner only: SQLite would make it readable
  /// for others. Its journals get the rights of the file, and an empty file is a new database.
  func makeDatabaseFile() {
    let descriptor = open(
      databasePath, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
  }

  /// Takes the rights of others from the file of the durable store.
  func restrictDatabaseFile() { chmod(databasePath, 0o600) }

  /// Refuses what is there unless it is a folder or file of this user's own, and no link to one.
  private func requireOwn(_ path: String, _ kind: mode_t) throws(EngramError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    switch status.st_mode & S_IFMT {
    case S_IFLNK:
      throw unusable("\(path) is a symbolic link; name the folder or file that it leads to")
    case kind: break
    default: throw unusable("\(path) is not a \(kind == S_IFDIR ? "folder" : "file")")
    }
    guard status.st_uid == geteuid() else {
      throw unusable("\(path) belongs to the user \(status.st_uid), and this one is \(geteuid())")
    }
    guard status.st_mode & S_IWOTH == 0 else {
      throw unusable("\(path) can be written by everybody; 'chmod o-w' it")
    }
  }

  private func unusable(_ problem: String) -> EngramError {
    EngramError(code: .unusableHome, message: "unusable home folder: \(problem)")
  }
}

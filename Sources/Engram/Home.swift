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
  public var exists: Bool { access(databasePath, F_OK) == 0 || hasCache }

  /// Whether there is a cache, which serves reads while the durable store is away.
  public var hasCache: Bool { access(recordCachePath + "/data.mdb", F_OK) == 0 }

  /// Makes the folders, for their owner only.
  ///
  /// - Throws: ``EngramError`` with code `unusableHome`.
  func makeDirectories() throws(EngramError) {
    var made = ""
    for component in (path + "/cache").split(separator: "/") {
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
    guard access(path, W_OK | X_OK) == 0 else {
      throw unusable(
        "\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
  }

  private func unusable(_ problem: String) -> EngramError {
    EngramError(code: .unusableHome, message: "unusable home folder: \(problem)")
  }
}

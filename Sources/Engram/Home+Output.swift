#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension Home {
  /// Refuses a path at which an export or backup must not appear: in this home or another, a symbolic link,
  /// a folder, a pipe or device, or a file that may not be replaced.
  ///
  /// - Throws: ``EngramError`` with code `unusableOutput`, which names the path.
  package func checkOutput(_ file: String, overwrite: Bool) throws(EngramError) {
    let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? "."
    guard !file.isEmpty, access(folder, F_OK) == 0 else {
      throw Self.unusableOutput(file, "its folder does not exist")
    }
    if let home = try home(around: folder, of: file) {
      throw Self.unusableOutput(
        file, "it lies in the home folder \(home); choose a place outside of it")
    }
    var status = stat()
    guard lstat(file, &status) == 0 else {
      guard errno == ENOENT else {
        throw Self.unusableOutput(file, String(cString: strerror(errno)))
      }
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw Self.unusableOutput(file, "it is a folder, not a file")
    case S_IFLNK:
      throw Self.unusableOutput(file, "it is a symbolic link; name the file that it leads to")
    default: throw Self.unusableOutput(file, "it is a pipe or a device, not a file")
    }
    guard overwrite else {
      throw Self.unusableOutput(file, "it is there already; --overwrite replaces it")
    }
  }

  /// Refuses a folder in which exports or backups must not appear: in this home or another.
  ///
  /// - Throws: ``EngramError`` with code `unusableOutput`, which names the folder.
  package func checkOutputFolder(_ folder: String) throws(EngramError) {
    if let home = try home(around: folder, of: folder) {
      throw Self.unusableOutput(
        folder, "it lies in the home folder \(home); choose a place outside of it")
    }
  }

  /// The home that a folder is or lies in, whatever names and links lead there.
  private func home(around folder: String, of file: String) throws(EngramError) -> String? {
    guard let resolved = realpath(folder, nil) else {
      throw Self.unusableOutput(file, String(cString: strerror(errno)))
    }
    defer { free(resolved) }
    var own = stat()
    let hasOwn = stat(path, &own) == 0
    var current = String(cString: resolved)
    while true {
      var status = stat()
      if hasOwn, stat(current, &status) == 0, status.st_ino == own.st_ino,
        status.st_dev == own.st_dev
      {
        return path
      }
      if access(current + "/engram.db", F_OK) == 0, access(current + "/cache/records", F_OK) == 0 {
        return current
      }
      guard let slash = current.lastIndex(of: "/"), current != "/" else { return nil }
      current = slash == current.startIndex ? "/" : String(current[..<slash])
    }
  }

  static func unusableOutput(_ file: String, _ problem: String) -> EngramError {
    EngramError(code: .unusableOutput, message: "cannot write '\(file)': \(problem)")
  }
}

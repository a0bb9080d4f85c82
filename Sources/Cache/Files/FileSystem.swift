import Glibc
import Platform

/// The few file operations that a cache needs beside LMDB's own.
enum FileSystem {
  /// Makes the directory `path` and its parents where they are missing, for the owner only.
  static func makeDirectory(_ path: String) throws(CacheError) {
    if mkdir(path, 0o700) == 0 { return }
    let code = errno
    if code == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try makeDirectory(String(path[..<slash]))
      if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
      throw CacheError(system: errno, operation: "make the directory", path: path)
    }
    guard code == EEXIST else {
      throw CacheError(system: code, operation: "make the directory", path: path)
    }
  }

  /// A descriptor of the directory `path`, and what identifies it whatever its name.
  static func openDirectory(
    _ path: String
  ) throws(CacheError) -> (descriptor: Int32, identity: FileIdentity) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw CacheError(system: errno, operation: "open the directory", path: path)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw CacheError(system: code, operation: "read the directory's status", path: path)
    }
    return (
      descriptor, FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    )
  }

  static func closeDirectory(_ descriptor: Int32) { close(descriptor) }

  /// The size of the file `path` in bytes; nil when there is none.
  static func size(of path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// What the file `path` holds, as UTF-8; nil when it cannot be read or is longer than `bytesMax`.
  static func text(of path: String, bytesMax: Int) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: bytesMax + 1)
    var count = 0
    while count < bytes.count {
      let got = bytes.withUnsafeMutableBytes {
        read(descriptor, $0.baseAddress! + count, $0.count - count)
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { return nil }
      if got == 0 { break }
      count += got
    }
    return count <= bytesMax ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }

  /// Which start of the system this is; nil where the system does not say.
  static let bootID: String? =
    text(of: "/proc/sys/kernel/random/boot_id", bytesMax: 128)?.filter { !$0.isWhitespace }

  /// Puts `text` in the place of the file `path`, whole or not at all.
  ///
  /// - Parameter waitingForDisk: whether the disk must have it when this returns.
  /// - Returns: false where it cannot be written.
  @discardableResult
  static func replace(_ path: String, by text: String, waitingForDisk: Bool = false) -> Bool {
    do {
      try DurableFile.replace(
        path, with: Array(text.utf8), permissions: 0o600, waitsForDisk: waitingForDisk)
      return true
    } catch {
      return false
    }
  }

  static func remove(_ path: String) { unlink(path) }

  /// Moves `path` to `destination`; what LMDB files were there are deleted.
  static func setAside(_ path: String, to destination: String) throws(CacheError) {
    for name in ["data.mdb", "lock.mdb"] { unlink(destination + "/" + name) }
    rmdir(destination)
    unlink(destination)
    guard rename(path, destination) == 0 else {
      throw CacheError(system: errno, operation: "set aside to \(destination)", path: path)
    }
  }
}

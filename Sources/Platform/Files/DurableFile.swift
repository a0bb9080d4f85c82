#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Files that are there whole and durable, or not at all.
///
/// A file is written under another name, flushed, and renamed; then its folder is flushed, since a new name is
/// durable only once the folder is. A crash leaves the file that was there or the new one.
///
/// Thread-safe: names of unfinished files are random, so that writers of one file do not meet.
package enum DurableFile {
  /// How names of files end that were not finished.
  package static let partialSuffix = ".partial"

  /// Writes `bytes` to `<path>.<number>.partial`, and gives them the name `path` once they are durable.
  ///
  /// - Parameters:
  ///   - permissions: of the file, before the process's mask.
  ///   - waitsForDisk: false for a file that may be lost, though never torn while the system runs.
  /// - Throws: ``FileFailure``; what was at `path` is as it was, and nothing else is left.
  package static func replace(
    _ path: String, with bytes: UnsafeRawBufferPointer, permissions: UInt32,
    waitsForDisk: Bool = true
  ) throws(FileFailure) {
    let partial = path + ".\(UInt64.random(in: 0...UInt64.max))" + partialSuffix
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(permissions))
    guard descriptor >= 0 else { throw .last(.create, path: path) }
    defer { close(descriptor) }
    do throws(FileFailure) {
      try write(bytes, to: descriptor, at: 0, path: path)
      if waitsForDisk {
        try publish(partial, descriptor: descriptor, as: path)
      } else if rename(partial, path) != 0 {
        throw .last(.rename, path: path)
      }
    } catch {
      unlink(partial)
      throw error
    }
  }

  /// As ``replace(_:with:permissions:waitsForDisk:)``, with bytes of an array.
  package static func replace(
    _ path: String, with bytes: [UInt8], permissions: UInt32, waitsForDisk: Bool = true
  ) throws(FileFailure) {
    let written = bytes.withUnsafeBytes { bytes in
      Result { () throws(FileFailure) in
        try replace(path, with: bytes, permissions: permissions, waitsForDisk: waitsForDisk)
      }
    }
    try written.get()
  }

  /// Gives a finished file its name: flushes it, renames it, and flushes its folder.
  ///
  /// - Parameters:
  ///   - partial: the name it has, in the same file system.
  ///   - descriptor: of that file.
  ///   - path: a file that is there is replaced.
  /// - Throws: ``FileFailure``. Unless the operation is ``FileFailure/Operation/flush`` of the folder, what was at
  ///   `path` is as it was.
  package static func publish(
    _ partial: String, descriptor: Int32, as path: String
  ) throws(FileFailure) {
    guard fsync(descriptor) == 0 else { throw .last(.flush, path: path) }
    guard rename(partial, path) == 0 else { throw .last(.rename, path: path) }
    try flushFolder(of: path)
  }

  /// As ``publish(_:descriptor:as:)``, for a file that others wrote.
  package static func publish(_ partial: String, as path: String) throws(FileFailure) {
    let descriptor = open(partial, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last(.open, path: partial) }
    defer { close(descriptor) }
    try publish(partial, descriptor: descriptor, as: path)
  }

  /// As ``publish(_:as:)``, but a file that is there is never replaced, whenever it came.
  ///
  /// - Throws: ``FileFailure``, whose ``FileFailure/isTaken`` says that something is at `path`. The unfinished file has
  ///   its name then.
  package static func publishNew(_ partial: String, as path: String) throws(FileFailure) {
    let descriptor = open(partial, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last(.open, path: partial) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .last(.flush, path: path) }
    // Unlike a rename, a second name is not given in the place of another file.
    if link(partial, path) == 0 {
      unlink(partial)
      return try flushFolder(of: path)
    }
    guard errno != EEXIST else { throw .last(.create, path: path) }
    // A file system without second names: an empty file of our own keeps the name until it is replaced.
    let empty = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard empty >= 0 else { throw .last(.create, path: path) }
    close(empty)
    guard rename(partial, path) == 0 else {
      let failure = FileFailure.last(.rename, path: path)
      unlink(path)
      throw failure
    }
    try flushFolder(of: path)
  }

  /// Has the disk take the names in the folder that `path` is in.
  package static func flushFolder(of path: String) throws(FileFailure) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last(.flush, path: folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .last(.flush, path: folder) }
  }

  /// Writes all of `bytes` at `offset` of a file, in as many calls as the system needs.
  ///
  /// - Parameter path: named in the error.
  package static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int, path: String
  ) throws(FileFailure) {
    var done = 0
    while done < bytes.count {
      // SAFETY: the range done..<count lies in `bytes`, which the caller keeps alive.
      let count = pwrite(
        descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        throw .last(.write, path: path, offset: offset + done)
      }
    }
  }

  /// As ``write(_:to:at:path:)``, with bytes of an array.
  package static func write(
    _ bytes: [UInt8], to descriptor: Int32, at offset: Int, path: String
  ) throws(FileFailure) {
    let written = bytes.withUnsafeBytes { bytes in
      Result { () throws(FileFailure) in
        try write(bytes, to: descriptor, at: offset, path: path)
      }
    }
    try written.get()
  }
}

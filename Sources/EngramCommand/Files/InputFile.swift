internal import Platform

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A file, pipe or terminal open for reading.
///
/// One owner at a time; closed when it goes out of scope.
struct InputFile: ~Copyable {
  let path: String
  let descriptor: Int32
  private let closesDescriptor: Bool
  /// Bytes, or nil for what has no size: a pipe or a terminal.
  let byteCount: Int?

  /// Opens the file at `path`; `-` is standard input.
  ///
  /// - Parameter mustBeRegular: refuses a pipe or a device, and does not wait for a pipe's writer.
  init(path: String, mustBeRegular: Bool = false) throws(FileError) {
    let isStandardInput = path == "-"
    let descriptor =
      isStandardInput
      ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | (mustBeRegular ? O_NONBLOCK : 0))
    guard descriptor >= 0 else { throw FileError.last(.open, path: path) }
    let byteCount: Int?
    do throws(FileError) {
      byteCount = try Self.byteCount(descriptor, path: path)
      if mustBeRegular, byteCount == nil { throw FileError.notRegular(path) }
    } catch {
      if !isStandardInput { close(descriptor) }
      throw error
    }
    self.path = path
    self.descriptor = descriptor
    self.closesDescriptor = !isStandardInput
    self.byteCount = byteCount
  }

  private static func byteCount(_ descriptor: Int32, path: String) throws(FileError) -> Int? {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError.last(.open, path: path) }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw FileError(.read, path: path, code: EISDIR)
    case S_IFREG: return Int(status.st_size)
    default: return nil
    }
  }

  /// Whether there is a folder at `path`.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Takes over an open descriptor, such as the reading end of a pipe; `path` is for messages.
  init(owning descriptor: Int32, path: String) {
    self.path = path
    self.descriptor = descriptor
    self.closesDescriptor = true
    self.byteCount = nil
  }

  deinit {
    if closesDescriptor { close(descriptor) }
  }

  /// Reads up to `buffer.count` bytes from the current position.
  ///
  /// - Returns: how many bytes were read; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    do throws(FileFailure) {
      return try Descriptor.read(descriptor, into: buffer, path: path)
    } catch {
      throw FileError(.read, path: path, code: error.code)
    }
  }

  /// Calls `body` with the file's bytes, piece after piece.
  func forEachChunk(
    byteCount: Int = 1 << 18, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(FileError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = try read(into: buffer)
      guard count > 0 else { return }
      body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }
}

internal import Platform

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A new file that appears under its name only when it is complete.
///
/// Bytes go to a file named `….partial` next to it; ``finish()`` makes them durable and renames the file.
/// Whoever gives up before that leaves nothing behind.
struct OutputFile: ~Copyable {
  let path: String
  private let partialPath: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isFinished = false
  /// Bytes written so far, those in the buffer included.
  private(set) var byteCount = 0

  private static let bufferBytes = 1 << 18

  /// - Parameter isPrivate: whether only its owner may read the file. Its name until it is complete is one
  ///   that nobody has then.
  init(path: String, isPrivate: Bool = false) throws(FileError) {
    self.path = path
    if isPrivate {
      partialPath = path + ".\(UInt64.random(in: 0...UInt64.max)).partial"
      descriptor = open(partialPath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    } else {
      partialPath = path + ".partial"
      descriptor = open(partialPath, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    }
    guard descriptor >= 0 else { throw FileError.last(.create, path: path) }
    buffer.reserveCapacity(Self.bufferBytes)
  }

  deinit {
    close(descriptor)
    if !isFinished { unlink(partialPath) }
  }

  mutating func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    if buffer.count + bytes.count > Self.bufferBytes { try flush() }
    if bytes.count >= Self.bufferBytes {
      try Self.writeThrough(bytes, to: descriptor, path: path)
    } else {
      buffer.append(contentsOf: bytes)
    }
    byteCount += bytes.count
  }

  mutating func write(_ text: String) throws(FileError) {
    try write(Array(text.utf8))
  }

  mutating func write(_ bytes: [UInt8]) throws(FileError) {
    if buffer.count + bytes.count > Self.bufferBytes { try flush() }
    buffer.append(contentsOf: bytes)
    byteCount += bytes.count
  }

  /// Replaces bytes that were written before, such as a header that holds a count.
  mutating func overwrite(_ bytes: [UInt8], at offset: Int) throws(FileError) {
    try flush()
    do throws(FileFailure) {
      try DurableFile.write(bytes, to: descriptor, at: offset, path: path)
    } catch {
      throw FileError(.write, path: path, code: error.code)
    }
  }

  /// Writes what is left, waits until the disk has it, and gives the file its name.
  consuming func finish() throws(FileError) {
    try flush()
    do throws(FileFailure) {
      try DurableFile.publish(partialPath, descriptor: descriptor, as: path)
    } catch {
      throw FileError(error.operation == .rename ? .rename : .write, path: path, code: error.code)
    }
    isFinished = true
  }

  private mutating func flush() throws(FileError) {
    guard !buffer.isEmpty else { return }
    try buffer.withUnsafeBufferPointer { (bytes) throws(FileError) in
      try Self.writeThrough(UnsafeRawBufferPointer(bytes), to: descriptor, path: path)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private static func writeThrough(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String
  ) throws(FileError) {
    var rest = bytes
    while !rest.isEmpty {
      // SAFETY: pointer and count are those of one buffer that the caller keeps alive.
      #if canImport(Glibc)
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      #elseif canImport(Musl)
        let count = Musl.write(descriptor, rest.baseAddress, rest.count)
      #else
        let count = Darwin.write(descriptor, rest.baseAddress, rest.count)
      #endif
      if count < 0 {
        guard errno == EINTR else { throw FileError.last(.write, path: path) }
      } else {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
  }
}

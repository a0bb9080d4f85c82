#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Reads and writes of a descriptor that may be a pipe or a terminal: they go on after a signal, and where
/// another process has made the open file non-blocking, which it shares with this one.
package enum Descriptor {
  /// Reads up to `buffer.count` bytes from the current position; waits for the first of them.
  ///
  /// - Parameter path: named in the error.
  /// - Returns: how many bytes were read; 0 at the end.
  package static func read(
    _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, path: String
  ) throws(FileFailure) -> Int {
    while true {
      // SAFETY: pointer and count are those of one buffer, which the caller keeps alive.
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      #elseif canImport(Musl)
        let count = Musl.read(descriptor, buffer.baseAddress, buffer.count)
      #else
        let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
      #endif
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN, EWOULDBLOCK: wait(for: Int16(POLLIN), of: descriptor, milliseconds: -1)
      default: throw .last(.read, path: path)
      }
    }
  }

  /// Writes all of `bytes`, as long as somebody wants them.
  ///
  /// Never waits within a write: a reader that does not read is noticed, and so is that nobody wants to wait.
  ///
  /// - Parameters:
  ///   - path: named in the error.
  ///   - isWanted: asked again and again while the reader does not read.
  /// - Returns: false where it was given up.
  package static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String,
    while isWanted: () -> Bool = { true }
  ) throws(FileFailure) -> Bool {
    var done = 0
    while done < bytes.count {
      guard isWanted() else { return false }
      guard wait(for: Int16(POLLOUT), of: descriptor, milliseconds: waitMilliseconds) else {
        continue
      }
      // A pipe that can be written has room for this many bytes, and for no more without waiting.
      let piece = min(bytes.count - done, pipeBytes)
      // SAFETY: the piece lies in `bytes`, which the caller keeps alive.
      #if canImport(Glibc)
        let count = Glibc.write(descriptor, bytes.baseAddress! + done, piece)
      #elseif canImport(Musl)
        let count = Musl.write(descriptor, bytes.baseAddress! + done, piece)
      #else
        let count = Darwin.write(descriptor, bytes.baseAddress! + done, piece)
      #endif
      if count >= 0 {
        done += count
      } else if errno != EINTR, errno != EAGAIN, errno != EWOULDBLOCK {
        throw .last(.write, path: path, offset: done)
      }
    }
    return true
  }

  /// PIPE_BUF of Linux.
  private static let pipeBytes = 4096
  private static let waitMilliseconds: Int32 = 100

  /// - Returns: whether there is something to do, be it to see an error.
  @discardableResult
  private static func wait(for events: Int16, of descriptor: Int32, milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: events, revents: 0)
    return poll(&entry, 1, milliseconds) != 0
  }
}

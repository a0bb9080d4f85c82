internal import Dispatch
internal import Episodes
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Writes messages to a descriptor, each on a line of its own, one after the other.
final class MessageWriter: Sendable {
  private let descriptor: Int32
  private let queue = DispatchQueue(label: "engram.mcp.writer")
  private let hasFailed = Mutex(false)
  /// Called once, when nobody reads any more.
  private let onFailure: @Sendable () -> Void

  init(_ descriptor: Int32, onFailure: @escaping @Sendable () -> Void) {
    self.descriptor = descriptor
    self.onFailure = onFailure
  }

  /// Writes a message, and returns when it has been taken.
  func write(_ message: JSONValue) async {
    // Escapes hold every line feed that is in a text.
    let line = Array((JSONWriter.text(of: message) + "\n").utf8)
    await withCheckedContinuation { continuation in
      queue.async {
        self.writeThrough(line)
        continuation.resume()
      }
    }
  }

  private func writeThrough(_ line: [UInt8]) {
    if hasFailed.withLock({ $0 }) { return }
    var rest = line[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { bytes in
        // SAFETY: pointer and count are those of one array slice.
        #if canImport(Glibc)
          Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
          Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #else
          Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
      }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        hasFailed.withLock { $0 = true }
        onFailure()
        return
      }
    }
  }
}

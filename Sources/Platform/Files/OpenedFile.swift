#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The bytes of a file, and who may use it, both of the very file that was opened: what stands at a path may be
/// another file the next moment. Where a link leads is what counts, not the link.
package struct OpenedFile: Sendable {
  package let bytes: [UInt8]
  /// The nine bits of owner, group and others.
  package let permissions: Int

  /// - Parameter bytesMax: the longest file that is taken.
  /// - Throws: ``FileFailure``; `EFBIG` for one that is longer.
  package init(path: String, bytesMax: Int = 1 << 20) throws(FileFailure) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last(.open, path: path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .last(.read, path: path) }
    permissions = Int(status.st_mode) & 0o777
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let result = buffer.withUnsafeMutableBytes { buffer in
        Result { () throws(FileFailure) in
          try Descriptor.read(descriptor, into: buffer, path: path)
        }
      }
      let count = try result.get()
      if count == 0 { break }
      bytes += buffer[..<count]
      guard bytes.count <= bytesMax else {
        throw FileFailure(.read, path: path, code: EFBIG)
      }
    }
    self.bytes = bytes
  }
}

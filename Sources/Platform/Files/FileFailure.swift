#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// An operation on a file that the system refused.
package struct FileFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was tried.
  package enum Operation: String, Hashable, Sendable {
    case create, open, read, write, flush, rename, lock
  }

  package var operation: Operation
  package var path: String
  /// The system's error number (`errno`).
  package var code: Int32
  /// Bytes that were written before.
  package var offset: Int

  package init(_ operation: Operation, path: String, code: Int32, offset: Int = 0) {
    self.operation = operation
    self.path = path
    self.code = code
    self.offset = offset
  }

  /// The failure that the last system call on this thread left in `errno`.
  static func last(_ operation: Operation, path: String, offset: Int = 0) -> FileFailure {
    FileFailure(operation, path: path, code: errno, offset: offset)
  }

  /// Whether there is nothing at the path.
  package var isMissing: Bool { code == ENOENT || code == ENOTDIR }

  /// Whether something is at the path already.
  package var isTaken: Bool { code == EEXIST }

  /// The cause in the system's words.
  package var problem: String { String(cString: strerror(code)) }

  package var description: String { "cannot \(operation.rawValue) '\(path)': \(problem)" }
}

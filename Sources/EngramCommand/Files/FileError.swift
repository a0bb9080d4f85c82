#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// An operation on a file that the system refused.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was tried.
  public enum Operation: String, Hashable, Sendable {
    case open, create, read, write, map, rename
  }

  public var operation: Operation
  public var path: String
  /// The system's error number (`errno`).
  public var code: Int32

  public init(_ operation: Operation, path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// The error that the last system call on this thread left in `errno`.
  static func last(_ operation: Operation, path: String) -> FileError {
    FileError(operation, path: path, code: errno)
  }

  /// A pipe or a device where only a file will do.
  static func notRegular(_ path: String) -> FileError { FileError(.map, path: path, code: ENODEV) }

  /// Whether a pipe or a device was given where only a file will do.
  public var isNotRegular: Bool { operation == .map && code == ENODEV }

  public var description: String {
    isNotRegular
      ? "'\(path)' is a pipe or a device; expected a file"
      : "cannot \(operation.rawValue) '\(path)': \(String(cString: strerror(code)))"
  }

  /// Whether the file is not there.
  public var isMissing: Bool { code == ENOENT || code == ENOTDIR }
}

/// What went wrong in a cache: the operation, the cause, and what to do about it.
public struct CacheError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it is; says what to do.
  public enum Reason: String, Hashable, Sendable, CaseIterable {
    /// The file is not a cache, or its structure is broken. Opening sets such a file aside.
    case damaged
    /// The file was written in another format version. Opening sets such a file aside.
    case otherFormat
    /// No more data fits the memory map, and it cannot grow now.
    case mapFull
    /// The disk is full.
    case diskFull
    /// All places in the table of readers are taken.
    case readersFull
    /// The directory is open in this process, as a cache of another kind or to be discarded.
    case inUse
    /// The process may not read or write the files.
    case noPermission
    /// The cache was closed.
    case closed
    /// A write was started inside another write on the same thread.
    case nestedWrite
    /// The environment failed earlier and refuses work until it is opened again.
    case failedEarlier
    /// No segment has the given id.
    case segmentMissing
    /// A segment's image is larger than one value can be.
    case segmentTooLarge
    /// A stored segment does not match its description.
    case segmentDamaged
    /// Any other failure of the system.
    case system
  }

  /// What kind of failure it is.
  public var reason: Reason
  /// LMDB's or the system's number of the error; 0 when it comes from neither.
  public var code: Int32
  /// What was being done, such as `begin a read`.
  public var operation: String
  /// The directory of the cache.
  public var path: String
  /// The cause in words.
  public var detail: String

  /// An error with all its parts.
  public init(reason: Reason, code: Int32 = 0, operation: String, path: String, detail: String) {
    self.reason = reason
    self.code = code
    self.operation = operation
    self.path = path
    self.detail = detail
  }

  /// The directory, the operation, the cause and the advice in one line.
  public var description: String {
    let number = code == 0 ? "" : " (\(code))"
    return "cache \(path): cannot \(operation): \(detail)\(number); \(advice)"
  }

  /// What to do about the failure.
  public var advice: String {
    switch reason {
    case .damaged, .otherFormat: "open the cache again to have it rebuilt"
    case .mapFull: "release mapped segments and try again, or allow a larger map"
    case .diskFull: "free space on the disk and try again"
    case .readersFull: "close readers, or open with a larger readersMax"
    case .inUse: "give each cache a directory of its own, and close it before it is discarded"
    case .noPermission: "give the user read and write access to the directory"
    case .closed: "open the cache again"
    case .nestedWrite: "finish the first write before the second"
    case .failedEarlier: "close the cache and open it again"
    case .segmentMissing: "fetch the segment again"
    case .segmentTooLarge: "split the segment"
    case .segmentDamaged: "delete the segment and fetch it again"
    case .system: "see the system's error"
    }
  }
}

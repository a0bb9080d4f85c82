/// Why a sync could not go on. What was committed before stays; the next sync continues there.
public enum SyncError: Error, Sendable, CustomStringConvertible {
  /// A segment in the durable store does not have the bytes it says.
  case damagedSegment(id: Int64, problem: String)
  /// The file that a segment passes through could not be written or read.
  case spoolFailed(path: String, problem: String)
  /// Other processes kept writing to the cache at the same time.
  case contended

  public var description: String {
    switch self {
    case .damagedSegment(let id, let problem):
      "index segment \(id) in the durable store is damaged: \(problem); build the index again"
    case .spoolFailed(let path, let problem):
      "cannot carry an index segment through \(path): \(problem)"
    case .contended: "other processes keep synchronising this cache; try again"
    }
  }
}

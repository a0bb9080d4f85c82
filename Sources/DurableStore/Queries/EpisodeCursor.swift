import Episodes

/// A place in a listing of episodes, newest first: after it come the older ones.
///
/// Episodes written while a listing is under way neither shift nor repeat the rest of it.
public struct EpisodeCursor: Hashable, Sendable {
  var startNanoseconds: Int64
  var rowID: Int64
}

extension EpisodeCursor: LosslessStringConvertible {
  /// Reads ``description``; nil for anything else.
  public init?(_ description: String) {
    let parts = description.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let start = Int64(parts[0]), let rowID = Int64(parts[1]) else {
      return nil
    }
    self.init(startNanoseconds: start, rowID: rowID)
  }

  /// A short text to hand out and take back.
  public var description: String { "\(startNanoseconds).\(rowID)" }
}

/// How the records of a cache are compressed: with Zstandard.
///
/// What is written from now on follows it; what is there is read whatever it is.
public struct CacheCompression: Hashable, Sendable {
  /// The levels of Zstandard that are of use to a cache.
  public static let levels = 1...19

  /// 1 for speed to 19 for size.
  public let level: Int
  /// Whether a dictionary is trained on the records, kept in the cache and used for new ones. Single
  /// records are short, and much of what makes them compressible is in other records.
  public let usesDictionary: Bool

  /// - Parameter level: moved into ``levels``.
  public init(level: Int = 6, usesDictionary: Bool = true) {
    self.level = min(max(level, Self.levels.lowerBound), Self.levels.upperBound)
    self.usesDictionary = usesDictionary
  }
}

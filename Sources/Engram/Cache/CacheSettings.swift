/// How a memory keeps its cache, which is a copy of part of the durable store.
public struct CacheSettings: Hashable, Sendable {
  /// The most bytes of episodes; beyond it the least recently used go, but for the last.
  public var episodeBytesMax: Int
  /// Seconds after which an episode leaves the cache unless it was written again; nil for no limit.
  public var timeToLiveSeconds: Double?
  /// Seconds between sweeps in the background; nil for none.
  public var sweepIntervalSeconds: Double?
  /// From 1 for speed to 19 for size; nil for no compression, which reads fastest. What is there is read
  /// whatever it is.
  public var compressionLevel: Int?
  /// Whether compression learns from the episodes of the cache, which are short one by one.
  public var usesDictionary: Bool
  /// Bytes of address space that each of the two files of the cache reserves at first, which costs nothing
  /// but address space; both make theirs larger when they need it.
  public var addressSpaceBytes: Int

  public static let defaultAddressSpaceBytes = 16 << 30
  public static let compressionLevels = 1...19
  /// Of 320 real episodes it saves 45 %; lower levels are hardly faster to read and save less.
  public static let defaultCompressionLevel = 6

  public init(
    episodeBytesMax: Int = 256 << 20, timeToLiveSeconds: Double? = nil,
    sweepIntervalSeconds: Double? = 60, compressionLevel: Int? = nil, usesDictionary: Bool = true,
    addressSpaceBytes: Int = Self.defaultAddressSpaceBytes
  ) {
    self.episodeBytesMax = max(1, episodeBytesMax)
    self.timeToLiveSeconds = timeToLiveSeconds
    self.sweepIntervalSeconds = sweepIntervalSeconds
    self.compressionLevel = compressionLevel
    self.usesDictionary = usesDictionary
    self.addressSpaceBytes = min(max(1 << 20, addressSpaceBytes), 1 << 44)
  }
}

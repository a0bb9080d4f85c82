public import Episodes
import Glibc

/// How a ``RecordCache`` is kept.
public struct RecordCacheConfiguration: Sendable {
  /// Episodes kept; beyond it the least recently used are evicted. At least 1.
  public var episodesMax: Int
  /// Bytes of stored episodes kept; beyond it the least recently used are evicted, but for the last.
  public var episodeBytesMax: Int
  /// How values are compressed; nil for not at all, which reads fastest.
  public var compression: CacheCompression?
  /// Seconds after which an episode is no longer served unless it was put again; nil for no limit.
  public var timeToLiveSeconds: Double?
  /// Bytes of address space to begin with. It costs nothing but address space: the file is as long as its
  /// data. The map grows when it is full.
  public var mapBytes: Int
  /// Reads at once over all processes; the first process to open the cache decides.
  public var readersMax: Int
  /// The clock that expiry goes by.
  public var now: @Sendable () -> Timestamp

  /// A configuration; what is not given is as memories have it.
  public init(
    episodesMax: Int = 1000, episodeBytesMax: Int = 256 << 20, timeToLiveSeconds: Double? = nil,
    compression: CacheCompression? = nil, mapBytes: Int = Self.defaultMapBytes,
    readersMax: Int = 512,
    now: @escaping @Sendable () -> Timestamp = Self.systemClock
  ) {
    self.episodesMax = max(1, episodesMax)
    self.episodeBytesMax = episodeBytesMax
    self.compression = compression
    self.timeToLiveSeconds = timeToLiveSeconds
    self.mapBytes = mapBytes
    self.readersMax = readersMax
    self.now = now
  }

  /// The address space that a cache begins with: 16 GiB, so that thousands can be open in one process.
  public static let defaultMapBytes = EnvironmentOptions.defaultMapBytes

  /// The system's clock.
  @Sendable public static func systemClock() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(
      nanosecondsSince1970: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}

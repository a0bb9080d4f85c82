/// What happened in a cache.
public struct CacheCounts: Hashable, Sendable, Codable {
  /// Reads of episodes, patterns and heuristics that found one.
  public var hits = 0
  /// Reads of episodes, patterns and heuristics that found none.
  public var misses = 0
  /// Records and embeddings written, also in the place of others.
  public var puts = 0
  /// Records deleted because they were to be.
  public var deletes = 0
  /// Episodes dropped because the cache was over its bounds.
  public var evictions = 0
  /// Episodes dropped because their time was over.
  public var expirations = 0
  /// Values that were not what was written; each was treated as missing.
  public var damagedValues = 0

  /// Nothing happened yet.
  public init() {}

  /// Hits and misses.
  public var reads: Int { hits + misses }
  /// Hits as a part of all reads, 0 to 1; nil before the first read.
  public var hitRate: Double? { reads == 0 ? nil : Double(hits) / Double(reads) }

  private static let fields: [any WritableKeyPath<CacheCounts, Int> & Sendable] = [
    \.hits, \.misses, \.puts, \.deletes, \.evictions, \.expirations, \.damagedValues,
  ]

  /// The sum, count by count.
  public static func + (left: CacheCounts, right: CacheCounts) -> CacheCounts {
    var sum = left
    for field in fields { sum[keyPath: field] &+= right[keyPath: field] }
    return sum
  }

  /// The difference, count by count: what happened between two readings.
  public static func - (left: CacheCounts, right: CacheCounts) -> CacheCounts {
    var difference = left
    for field in fields { difference[keyPath: field] &-= right[keyPath: field] }
    return difference
  }

  /// 8 bytes a count, little endian.
  var bytes: [UInt8] {
    Self.fields.flatMap { field in
      withUnsafeBytes(of: Int64(self[keyPath: field]).littleEndian) { Array($0) }
    }
  }

  /// Counts that the bytes lack are 0.
  init(_ bytes: UnsafeRawBufferPointer) {
    for (place, field) in Self.fields.enumerated() where bytes.count >= place * 8 + 8 {
      let count = bytes.loadUnaligned(fromByteOffset: place * 8, as: Int64.self)
      self[keyPath: field] = Int(Int64(littleEndian: count))
    }
  }
}

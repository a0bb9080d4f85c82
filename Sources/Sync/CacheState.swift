public import Cache

/// What a search must know of the cache before it believes it.
public struct CacheState: Hashable, Sendable {
  /// The store that the records come from, and which filling of the cache they belong to. Where it is
  /// another than before, nothing that was read before holds.
  public let filling: String
  /// The change sequence the cache stands at; negative while it is being filled.
  public let watermark: Int64

  init(_ position: CachePosition) {
    // The first word, see ``CacheOrigin``; searches look often.
    filling = position.origin.map { String($0.prefix { $0 != " " }) } ?? ""
    watermark = position.watermark ?? 0
  }

  /// Where a cache stands.
  public init(of records: RecordCache) throws {
    self.init(try records.position)
  }

  /// Whether some process is at filling the cache, or was killed while it was.
  public var isBeingFilled: Bool { FillState.isUnderWay(watermark) }
}

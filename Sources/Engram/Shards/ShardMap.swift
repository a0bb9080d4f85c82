public import Episodes

/// Which shard keeps which namespace.
///
/// A namespace that is named is where it is named. All others are spread over some shards by their names, each always
/// to the same one: that with the highest hash of both names (Thaler and Ravishankar, "Using name-based mappings to
/// increase hit rates", 1998). A shard that is added to `n` takes one namespace in `n + 1` from the others, and nothing
/// else moves.
///
/// ```swift
/// let map = try ShardMap(named: ["archive": "cold"], spread: ["east", "west"])
/// map.shard(of: "archive")  // "cold"
/// map.shard(of: "team-a")   // "east" or "west", the same for ever
/// ```
public struct ShardMap: Hashable, Sendable {
  /// Shards by namespace.
  public let named: [String: String]
  /// The shards of all other namespaces.
  public let spread: [String]

  /// - Throws: `ValidationError` for names that cannot be, or where `spread` has none.
  public init(named: [String: String] = [:], spread: [String]) throws(ValidationError) {
    guard !spread.isEmpty else {
      throw ValidationError(
        field: "shards.spread", problem: "is empty",
        expected: "the shards of the namespaces that are not named")
    }
    for namespace in named.keys.sorted() {
      try Identifier.check(namespace, field: "shards.namespace")
    }
    for shard in spread + named.values.sorted() { try Self.check(shard) }
    self.named = named
    self.spread = Set(spread).sorted()
  }

  /// A shard's name is that of a folder.
  static func check(_ shard: String) throws(ValidationError) {
    let allowed = shard.utf8.allSatisfy {
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
        || $0 == UInt8(ascii: "-")
    }
    guard allowed, (1...64).contains(shard.utf8.count) else {
      throw ValidationError(
        field: "shards", problem: "'\(shard.prefix(70))' is no name of a shard",
        expected: "1 to 64 small letters, digits and -")
    }
  }

  /// All of them, in the order of their names.
  public var shards: [String] { Set(spread + named.values).sorted() }

  /// - Complexity: linear in the number of shards.
  public func shard(of namespace: String) -> String {
    if let shard = named[namespace] { return shard }
    var best = (shard: spread[0], weight: UInt64(0))
    for shard in spread {
      let weight = Self.weight(of: shard, for: namespace)
      if weight > best.weight { best = (shard, weight) }
    }
    return best.shard
  }

  /// FNV-1a of both names, its bits mixed as SplitMix64 does, since the highest ones decide.
  private static func weight(of shard: String, for namespace: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    for byte in namespace.utf8 { add(byte) }
    add(0)
    for byte in shard.utf8 { add(byte) }
    hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
    hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
    return hash ^ (hash >> 31)
  }
}

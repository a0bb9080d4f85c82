internal import Episodes

/// Which shard a memory is, so that it takes nothing that belongs to another.
public struct ShardPlace: Hashable, Sendable {
  public var shard: String
  public var map: ShardMap

  public init(_ shard: String, in map: ShardMap) {
    self.shard = shard
    self.map = map
  }

  /// Refuses a namespace that another shard keeps.
  func check(_ namespace: String) throws(ValidationError) {
    let place = map.shard(of: namespace)
    guard place == shard else {
      throw ValidationError(
        field: "namespace",
        problem: "'\(namespace)' is kept in shard '\(place)', and this is '\(shard)'",
        expected: "a namespace of this one")
    }
  }
}

extension Memory {
  /// Refuses what another shard keeps.
  func checkShard(of namespaces: some Sequence<String>) throws(EngramError) {
    guard let shard = configuration.shard else { return }
    for namespace in namespaces {
      do throws(ValidationError) {
        try shard.check(namespace)
      } catch {
        throw EngramError(error)
      }
    }
  }
}

internal import DurableStore
internal import Episodes

extension ShardedMemory {
  /// Moves a namespace to the shard where the map has it: copies everything, compares the episodes, looks for what was
  /// learned and for links by their ids, and only then takes it away from the old shard. Cut off anywhere it goes on
  /// when it is called again. What somebody writes to the old shard after the comparison is lost.
  ///
  /// The map comes first, on every node: what is new goes to the new shard then, nobody writes the old one any more,
  /// and until the move is done a search in the namespace alone misses what is still in the old shard. A search over
  /// all namespaces finds both. Links, checkpoints, vectors and what was learned go along; not so recommendations, the
  /// times of last use, and which ids were forgotten.
  ///
  /// - Parameter source: the shard where the namespace was.
  /// - Throws: ``EngramError``: `invalidInput` where the map has the namespace in `source` still, `notFound` where
  ///   nothing is left to move, `conflict` where an episode is not the same on both sides afterwards, or
  ///   another record is missing, which is named: nothing is taken away then.
  @discardableResult
  public func moveNamespace(
    _ namespace: String, from source: String
  ) async throws(EngramError) -> NamespaceMoveReport {
    let target = map.shard(of: namespace)
    guard source != target else {
      throw EngramError(
        ValidationError(
          field: "from", problem: "'\(source)' is where the map has namespace '\(namespace)'",
          expected: "the shard where it was; name the new one in the map of every node first"))
    }
    let old = try await memory(ofShard: source)
    let new = try await memory(ofShard: target)
    return try await engramErrors {
      let mover = NamespaceMover(namespace: namespace, to: new)
      try await old.exportRecords(embeddings: true) { try await mover.take($0) }
      try await mover.finish()
      guard await !mover.isEmpty else {
        throw EngramError(
          code: .notFound, message: "there is nothing of namespace '\(namespace)' in '\(source)'")
      }
      let ids = try await mover.verify(in: old)
      var report = NamespaceMoveReport(namespace: namespace, from: source, to: target)
      await mover.tell(&report)
      try await old.takeAway(namespace, ids: ids)
      return report
    }
  }
}

extension Memory {
  /// Deletes episodes that are kept elsewhere, and what was learned in their namespace.
  ///
  /// - Throws: ``EngramError`` with code `conflict` if there are others in it.
  fileprivate func takeAway(_ namespace: String, ids: [String]) async throws {
    for start in stride(from: 0, to: ids.count, by: NamespaceMover.batchSize) {
      // Not forgotten: they may come back.
      _ = try await store.deleteEpisodes(
        ids: Array(ids[start..<min(ids.count, start + NamespaceMover.batchSize)]))
    }
    await syncAfterWrite()
    let left = try await store.count(matching: EpisodeFilter(namespace: namespace))
    guard left == 0 else {
      throw EngramError(
        code: .conflict,
        message:
          "\(left) episodes were written to namespace '\(namespace)' where it was, while it was moved; "
          + "the map of some node is an old one. Once it is right, move the namespace again")
    }
    _ = try await store.deleteLearning(namespace: namespace)
    await syncAfterWrite()
  }
}

internal import Episodes

extension ShardedMemory {
  /// Moves a namespace to the shard where the map has it: copies everything, compares it, and takes away from the old
  /// shard only what still is what was compared. Cut off anywhere it goes on when it is called again.
  ///
  /// The map comes first, on every node: what is new goes to the new shard then, and until the move is done a search in
  /// the namespace alone misses what is still in the old shard. A search over all namespaces finds both. What a node
  /// with an old map writes to the old shard meanwhile is moved as well, and what is forgotten on either side is
  /// forgotten on both, also between a move that was cut off and the one that ends it. What was forgotten before in the
  /// old shard, in whatever namespace, is kept out of the new one. Links, checkpoints, vectors, recommendations and what
  /// was learned go along; not so the times of last use.
  ///
  /// - Parameter source: the shard where the namespace was.
  /// - Throws: ``EngramError``: `invalidInput` where the map has the namespace in `source` still, `notFound` where
  ///   nothing is left to move, `conflict` where records are not the same on both sides, each changed by itself, which
  ///   are named, and stay in both; and where the old shard is written to all the time.
  /// - Complexity: reads the rows of the namespace twice, and those of no other.
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
    return try await move(namespace, from: source, to: target)
  }

  /// - Parameter watch: called between the steps.
  func move(
    _ namespace: String, from source: String, to target: String,
    watch: (@Sendable (NamespaceMover.Step) async throws -> Void)? = nil
  ) async throws(EngramError) -> NamespaceMoveReport {
    let mover = NamespaceMover(
      namespace: namespace, source: try await memory(ofShard: source),
      target: try await memory(ofShard: target), watch: watch)
    return try await engramErrors {
      var report = NamespaceMoveReport(namespace: namespace, from: source, to: target)
      try await mover.run(&report)
      return report
    }
  }
}

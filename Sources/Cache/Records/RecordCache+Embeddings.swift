public import Episodes

extension RecordCache {
  /// What the embedding numbered `id` stands for; nil when it is not in the cache. Reads the head
  /// of the value only.
  public func embeddingOwner(id: UInt64) throws(CacheError) -> EmbeddingOwner? {
    try read("read an owner") { (transaction) throws(CacheError) in
      try view(of: id, in: transaction)?.owner
    }
  }

  /// What the embeddings numbered `ids` stand for, in their order and of one state.
  public func embeddingOwners(ids: [UInt64]) throws(CacheError) -> [EmbeddingOwner?] {
    try read("read owners") { (transaction) throws(CacheError) in
      var owners: [EmbeddingOwner?] = []
      owners.reserveCapacity(ids.count)
      for id in ids { owners.append(try view(of: id, in: transaction)?.owner) }
      return owners
    }
  }

  /// The embedding numbered `id`, copied.
  public func embedding(id: UInt64) throws(CacheError) -> Embedding? {
    try withEmbedding(id: id) { $0.embedding }
  }

  /// Runs `body` with the embedding numbered `id`, in the map.
  ///
  /// - Returns: what `body` returns; nil when the embedding is not in the cache.
  public func withEmbedding<Value>(
    id: UInt64, _ body: (EmbeddingView) -> Value
  ) throws(CacheError) -> Value? {
    try read("read an embedding") { (transaction) throws(CacheError) in
      try view(of: id, in: transaction, verifyingVector: true).map(body)
    }
  }

  /// Whether the embedding with the number `id` is in the cache; its bytes are not looked at.
  ///
  /// - Throws: ``CacheError`` when the cache cannot be read.
  /// - Complexity: O(log n).
  public func containsEmbedding(id: UInt64) throws(CacheError) -> Bool {
    try read("look for an embedding") { (transaction) throws(CacheError) in
      try transaction.value(for: RecordKey.number(id), in: tables.embeddings) != nil
    }
  }

  /// The number of embeddings.
  public var embeddingCount: Int {
    get throws(CacheError) {
      try read("count the embeddings") { (transaction) throws(CacheError) in
        try transaction.count(of: tables.embeddings)
      }
    }
  }

  /// The highest number of an embedding; nil when there is none.
  public var lastEmbeddingID: UInt64? {
    get throws(CacheError) {
      try read("find the last embedding") { (transaction) throws(CacheError) in
        try transaction.withCursor(on: tables.embeddings) { (cursor) throws(CacheError) in
          try cursor.last().flatMap { RecordKey.number(in: $0.key) }
        }
      }
    }
  }

  /// Calls `body` with each embedding whose number is above `id`, in the order of numbers and of
  /// one state, in the map. Embeddings that cannot be read are left out and counted.
  ///
  /// - Parameters:
  ///   - id: the number to start after; nil for all.
  ///   - body: gets a view that is valid until it returns; returns whether to go on.
  /// - Throws: ``CacheError``, or what `body` throws.
  public func withEmbeddings(
    after id: UInt64? = nil, _ body: (EmbeddingView) throws -> Bool
  ) throws {
    if id == .max { return }
    let start = id.map { RecordKey.number($0 + 1) }
    var failure: (any Error)?
    try read("read embeddings") { (transaction) throws(CacheError) in
      try transaction.forEach(in: tables.embeddings, from: start) { key, value in
        let number = RecordKey.number(in: key)
        guard let number,
          let view = EmbeddingView(
            id: number, value: value, table: tables.embeddings, verifyingVector: true)
        else {
          note(damaged: number ?? 0, in: \.embeddingIDs)
          return true
        }
        do {
          return try body(view)
        } catch {
          failure = error
          return false
        }
      }
    }
    if let failure { throw failure }
  }

  /// The numbers of the embeddings of `owner`, of all its parts.
  public func embeddingIDs(
    of kind: EmbeddingOwner.Kind, ownerID: String
  ) throws(CacheError) -> [UInt64] {
    let prefix = EmbeddingRecord.ownerKey(kind: kind, ownerID: ownerID)
    return try read("read the embeddings of an owner") { (transaction) throws(CacheError) in
      var ids: [UInt64] = []
      try transaction.forEach(in: tables.embeddingOwners, prefix: prefix) { key, _ in
        if let id = RecordKey.number(in: key, at: key.count - 8) { ids.append(id) }
        return true
      }
      return ids
    }
  }

  /// Calls `body` with each embedding of each owner, in the map and of one state.
  ///
  /// - Parameters:
  ///   - ownerIDs: whose embeddings to read.
  ///   - body: gets the place of the owner in `ownerIDs`, and a view that is valid until it returns.
  /// - Complexity: O(log n) for each owner and each of its embeddings.
  public func withEmbeddings(
    of kind: EmbeddingOwner.Kind, ownerIDs: [String], _ body: (Int, EmbeddingView) -> Void
  ) throws(CacheError) {
    try read("read the embeddings of owners") { (transaction) throws(CacheError) in
      var ids: [UInt64] = []
      for (place, owner) in ownerIDs.enumerated() {
        ids.removeAll(keepingCapacity: true)
        let prefix = EmbeddingRecord.ownerKey(kind: kind, ownerID: owner)
        try transaction.forEach(in: tables.embeddingOwners, prefix: prefix) { key, _ in
          if let id = RecordKey.number(in: key, at: key.count - 8) { ids.append(id) }
          return true
        }
        for id in ids {
          if let view = try view(of: id, in: transaction, verifyingVector: true) {
            body(place, view)
          }
        }
      }
    }
  }

  /// Calls `body` with each of some embeddings that is in the cache, in the map and of one state.
  ///
  /// - Parameters:
  ///   - ids: which to read.
  ///   - body: gets the place of the number in `ids`, and a view that is valid until it returns.
  /// - Complexity: O(log n) for each.
  public func withEmbeddings(
    ids: [UInt64], _ body: (Int, EmbeddingView) -> Void
  ) throws(CacheError) {
    try read("read embeddings") { (transaction) throws(CacheError) in
      for (place, id) in ids.enumerated() {
        if let view = try view(of: id, in: transaction, verifyingVector: true) {
          body(place, view)
        }
      }
    }
  }

  private func view(
    of id: UInt64, in transaction: borrowing ReadTransaction, verifyingVector: Bool = false
  ) throws(CacheError) -> EmbeddingView? {
    guard let value = try transaction.value(for: RecordKey.number(id), in: tables.embeddings)
    else { return nil }
    let view = EmbeddingView(
      id: id, value: value, table: tables.embeddings, verifyingVector: verifyingVector)
    if view == nil { note(damaged: id, in: \.embeddingIDs) }
    return view
  }
}

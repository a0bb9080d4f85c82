extension DurableStore {
  /// Hands the rows of episodes, in the order of their start, earliest first, to a sink, without making
  /// episodes of them.
  ///
  /// - Parameters:
  ///   - cursor: where to begin; nil for the first of all.
  ///   - isInclusive: whether the episode at the cursor is one of them.
  ///   - limit: the most to hand over.
  ///   - makeSink: makes the sink, on the thread on which it is used.
  /// - Returns: what the sink made, and where the next page begins, nil when there was none; nil as a whole
  ///   where the store's rows cannot be had, or do not come as they should.
  package func transferEpisodes<Sink: EpisodeRowSink>(
    fromOldest cursor: EpisodeCursor?, isInclusive: Bool, limit: Int,
    into makeSink: @escaping @Sendable () -> Sink
  ) async throws(DurableStoreError) -> (product: Sink.Product, next: EpisodeCursor?)? {
    let start = cursor ?? EpisodeCursor(startNanoseconds: .min, rowID: .min)
    let first = isInclusive && cursor != nil ? start.rowID - 1 : start.rowID
    guard backend.hasRowsHere else {
      return try await Self.storeErrors {
        try await transferFromAfar(
          [.integer(start.startNanoseconds), .integer(first)], limit: limit, into: makeSink)
      }
    }
    return try await Self.storeErrors {
      try await visit { visitor in
        var sink = makeSink()
        let steps = try visitor.query(Self.stepsOfEpisode)
        let checkpoints = try visitor.query("SELECT 1 FROM checkpoints WHERE episode = ?1 LIMIT 1")
        let hasCheckpoints = try visitor.query("SELECT 1 FROM checkpoints LIMIT 1").hasRow()
        var next: EpisodeCursor?
        try visitor.query(Self.episodesFrom).each(start.startNanoseconds, first, Int64(limit)) {
          row in
          let rowID = try row.integer(EpisodeColumn.rowID)
          let id = String(decoding: try row.text(EpisodeColumn.id), as: UTF8.self)
          var isSuited = true
          do throws(RowColumns.Unsuited) {
            try sink.begin(row)
          } catch {
            isSuited = false
          }
          if isSuited {
            try steps.each(rowID) { step in
              do throws(RowColumns.Unsuited) {
                try sink.add(step: step)
              } catch {
                isSuited = false
              }
              return isSuited
            }
          }
          if isSuited, hasCheckpoints { isSuited = try !checkpoints.hasRow(rowID) }
          next = EpisodeCursor(
            startNanoseconds: try row.integer(EpisodeColumn.startTime), rowID: rowID)
          return sink.end(id: id, isSuited: isSuited)
        }
        return (sink.finish(), next)
      }
    }
  }

  /// Memory for the rows of the episodes of a page, whose steps come after all of them, in bytes.
  private static let keptBytesMax = 16 << 20

  /// Two queries, and one request: the episodes, and their steps.
  private func transferFromAfar<Sink: EpisodeRowSink>(
    _ place: [SQLValue], limit: Int, into makeSink: @escaping @Sendable () -> Sink
  ) async throws(SQLError) -> (product: Sink.Product, next: EpisodeCursor?)? {
    var limit = limit
    while true {
      let arguments = place + [.integer(Int64(limit))]
      let page = try await backend.transfer(
        [
          SQLStatement(Self.markedEpisodesFrom, arguments),
          SQLStatement(Self.stepsFrom, arguments),
        ]
      ) {
        EpisodePageSink(makeSink(), keptBytesMax: Self.keptBytesMax)
      }
      guard let page else { return nil }
      guard let fewer = page.withinBound else { return (page.product, page.next) }
      limit = max(1, min(fewer, limit - 1))
    }
  }

  /// Hands the rows of embeddings with ids above `id`, in rising order, to a sink.
  ///
  /// - Returns: what the sink made, and the last id, nil when there was none; nil as a whole where the
  ///   store's rows cannot be had, or one of them is not as it should be.
  package func transferEmbeddings<Sink: EmbeddingRowSink>(
    after id: Int64, limit: Int, into makeSink: @escaping @Sendable () -> Sink
  ) async throws(DurableStoreError) -> (product: Sink.Product, last: Int64?)? {
    return try await Self.storeErrors {
      let page = SQLStatement(Self.embeddingsAfter, [.integer(id), .integer(Int64(limit))])
      if let page = try await backend.transfer([page], into: { EmbeddingPageSink(makeSink()) }) {
        return (page.product, page.last)
      }
      do {
        return try await visit { visitor in
          var sink = makeSink()
          var last: Int64?
          try visitor.query(Self.embeddingsAfter).each(id, Int64(limit)) { row in
            last = try row.integer(EmbeddingColumn.id)
            return try sink.add(row)
          }
          return (sink.finish(), last)
        }
      } catch is RowColumns.Unsuited {
        return nil
      }
    }
  }

  private static let episodesFrom =
    "SELECT \(EpisodeRow.selection) FROM episodes AS e WHERE (e.start_time, e.rowid) > (?1, ?2) "
    + "ORDER BY e.start_time, e.rowid LIMIT ?3"

  /// With a last column: whether it has checkpoints.
  private static let markedEpisodesFrom =
    "SELECT \(EpisodeRow.selection), EXISTS (SELECT 1 FROM checkpoints WHERE episode = e.rowid) "
    + "FROM episodes AS e WHERE (e.start_time, e.rowid) > (?1, ?2) "
    + "ORDER BY e.start_time, e.rowid LIMIT ?3"

  /// The steps of the same episodes, each with its episode in a last column. They come in the order of the episodes
  /// without being sorted, which would copy them all; that they do is looked at where they are taken.
  private static let stepsFrom =
    "SELECT \(StepRow.columns.map { "s.\($0)" }.joined(separator: ", ")), s.episode "
    + "FROM (SELECT e.rowid AS id FROM episodes AS e WHERE (e.start_time, e.rowid) > (?1, ?2) "
    + "ORDER BY e.start_time, e.rowid LIMIT ?3) AS page CROSS JOIN steps AS s ON s.episode = page.id"

  private static let stepsOfEpisode =
    "SELECT \(StepRow.columns.map { "s.\($0)" }.joined(separator: ", ")) "
    + "FROM steps AS s WHERE s.episode = ?1 ORDER BY s.number"

  private static let embeddingsAfter =
    "SELECT \(EmbeddingRow.selection) FROM embeddings AS m WHERE m.id > ?1 ORDER BY m.id LIMIT ?2"

  private func visit<Value: Sendable>(
    _ body: @escaping @Sendable (RowVisitor) throws -> Value
  ) async throws -> Value? {
    guard backend.hasRowsHere else { return nil }
    return try await backend.withSnapshot { try await $0.visit(body) }
  }

  private static func storeErrors<Value>(
    _ body: () async throws -> Value
  ) async throws(DurableStoreError) -> Value {
    do {
      return try await body()
    } catch let error as DurableStoreError {
      throw error
    } catch let error as SQLError {
      throw .database(error)
    } catch {
      throw .database(SQLError(kind: .other, message: "\(error)"))
    }
  }
}

extension RowVisitor.Query {
  /// Whether the query returns anything.
  fileprivate func hasRow() throws -> Bool {
    var found = false
    try each { _ in
      found = true
      return false
    }
    return found
  }

  fileprivate func hasRow(_ argument: Int64) throws -> Bool {
    var found = false
    try each(argument) { _ in
      found = true
      return false
    }
    return found
  }
}

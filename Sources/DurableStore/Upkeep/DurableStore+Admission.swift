public import Episodes

extension DurableStore {
  /// Tells which of several episodes are new: by their ids, and by their content, which is all of their fields
  /// but the id.
  ///
  /// - Parameter keepingCopies: whether the same content under another id is new.
  /// - Returns: one answer an episode, in order.
  /// - Complexity: linear in the texts of the episodes; a few look-ups each.
  public func admissions(
    of episodes: [Episode], keepingCopies: Bool = false
  ) async throws(DurableStoreError) -> [EpisodeAdmission] {
    try await admissions(
      of: episodes, hashes: keepingCopies ? nil : episodes.map(EpisodeContent.hash))
  }

  /// - Parameter hashes: of their contents; nil to tell by the ids alone.
  private func admissions(
    of episodes: [Episode], hashes: [String]?
  ) async throws(DurableStoreError) -> [EpisodeAdmission] {
    let ids: [SQLValue] = [.text(JSONColumns.strings(episodes.map(\.id)))]
    let results = try await read([
      SQLStatement(
        "SELECT id FROM episodes WHERE id IN (SELECT value FROM json_each(?1))", ids),
      SQLStatement(Self.forgottenSQL, ids),
      SQLStatement(
        """
        SELECT e.content_hash, e.id FROM json_each(?1) AS wanted
        CROSS JOIN episodes AS e ON e.content_hash = wanted.value
        """, [.text(JSONColumns.strings(hashes ?? []))]),
    ])
    let stored = Set(results[0].texts)
    let forgotten = Set(results[1].texts)
    // What was forgotten stays away under whatever id, copies of it included.
    let forgottenContent = try await forgottenContent()
    let contents =
      hashes ?? (forgottenContent == nil ? nil : episodes.map { EpisodeContent.hash(of: $0) })
    var forgottenHashes: Set<String> = []
    if let contents, let forgottenContent {
      forgottenHashes = try await self.forgottenHashes(among: contents, forgottenContent)
    }
    var known: [String: String] = [:]
    for row in results[2].rows {
      if case .text(let hash)? = row.first, case .text(let id)? = row.last { known[hash] = id }
    }
    if hashes != nil {
      known.merge(try await unhashedContents(like: episodes)) { first, _ in first }
    }
    var admissions: [EpisodeAdmission] = []
    for (index, episode) in episodes.enumerated() {
      // Without contents the id itself tells whether it came before.
      let hash = hashes?[index] ?? episode.id
      if stored.contains(episode.id) {
        admissions.append(.stored)
      } else if forgotten.contains(episode.id) {
        // Its twin in the batch is not to be stored in its place.
        if let contents { forgottenHashes.insert(contents[index]) }
        admissions.append(.forgotten)
      } else if let id = known[hash] {
        // The same id twice is no matter of content.
        admissions.append(id == episode.id ? .stored : .sameContent(id: id))
      } else if let contents, forgottenHashes.contains(contents[index]) {
        admissions.append(.forgotten)
      } else {
        known[hash] = episode.id
        admissions.append(.new)
      }
    }
    return admissions
  }

  /// The content of stored episodes whose hash is not known, and that may be the same as one of `episodes`.
  private func unhashedContents(
    like episodes: [Episode]
  ) async throws(DurableStoreError) -> [String: String] {
    var writer = JSONWriter()
    writer.raw("[")
    var isFirst = true
    for episode in episodes {
      writer.separate(&isFirst)
      writer.raw("[")
      writer.integer(episode.startTime.nanosecondsSince1970)
      writer.raw(",")
      writer.string(episode.taskDescription)
      writer.raw("]")
    }
    writer.raw("]")
    let candidates = try await read(
      """
      SELECT DISTINCT e.id FROM json_each(?1) AS wanted
      CROSS JOIN episodes AS e INDEXED BY episodes_by_start
        ON e.start_time = json_extract(wanted.value, '$[0]')
      WHERE e.content_hash IS NULL
        AND e.task_description = json_extract(wanted.value, '$[1]')
      """, [.text(writer.text)])
    var contents: [String: String] = [:]
    for episode in try await self.episodes(ids: candidates.texts) {
      contents[EpisodeContent.hash(of: episode)] = episode.id
    }
    return contents
  }

  /// Stores episodes that are new, with their embeddings, all in one transaction. What is stored under the same
  /// id stays, the same content is stored once, and what was forgotten stays away.
  ///
  /// - Parameters:
  ///   - episodes: batches of 100 to 1,000 are fastest; the whole batch is held in memory.
  ///   - readmitting: whether forgotten episodes come back.
  ///   - keepingCopies: whether the same content is stored again under another id.
  ///   - accessedAt: when they count as used, for the order in which limits evict; nil to note nothing.
  /// - Returns: what happened to each episode, in order.
  /// - Throws: ``DurableStoreError/invalid(_:)`` when an episode or embedding breaks a rule; nothing is
  ///   stored then.
  @discardableResult
  public func insertNew(
    _ episodes: [NewEpisode], readmitting: Bool = false, keepingCopies: Bool = false,
    accessedAt: Timestamp? = nil
  ) async throws(DurableStoreError) -> [WriteOutcome] {
    if episodes.isEmpty { return [] }
    for new in episodes { try new.validate() }
    let hashes = keepingCopies ? nil : episodes.map { EpisodeContent.hash(of: $0.episode) }
    var attempts = 0
    while true {
      var admissions = try await admissions(of: episodes.map(\.episode), hashes: hashes)
      if readmitting { admissions = readmitted(admissions, hashes) }
      do {
        return try await insert(
          episodes, hashes: hashes, admissions: admissions, readmitting: readmitting,
          accessedAt: accessedAt)
      } catch .forgotten where !readmitting && attempts < Self.insertAttemptsMax {
        // Meanwhile, by another writer.
        attempts += 1
      }
    }
  }

  private static let insertAttemptsMax = 10

  /// What was forgotten is new then, the same content once.
  private func readmitted(
    _ admissions: [EpisodeAdmission], _ hashes: [String]?
  ) -> [EpisodeAdmission] {
    var seen: Set<String> = []
    return admissions.enumerated().map { index, admission in
      guard admission == .forgotten else { return admission }
      return hashes.map { seen.insert($0[index]).inserted } ?? true ? .new : .forgotten
    }
  }

  private func insert(
    _ episodes: [NewEpisode], hashes: [String]?, admissions: [EpisodeAdmission], readmitting: Bool,
    accessedAt: Timestamp?
  ) async throws(DurableStoreError) -> [WriteOutcome] {
    let indices = admissions.indices.filter { admissions[$0] == .new }
    var written: [WriteOutcome] = []
    if !indices.isEmpty {
      var batch = EpisodeWriteBatch()
      if readmitting {
        _ = batch.add(
          "DELETE FROM forgotten WHERE id IN (SELECT value FROM json_each(?1))",
          [.text(JSONColumns.strings(indices.map { episodes[$0].episode.id }))])
        if let content = try await forgottenContent() {
          let codes = indices.flatMap {
            content.codes(of: hashes?[$0] ?? EpisodeContent.hash(of: episodes[$0].episode))
          }
          _ = batch.add(
            """
            DELETE FROM forgotten WHERE id IN (
              SELECT f.id FROM json_each(?1) AS m CROSS JOIN forgotten AS f
              WHERE \(ForgottenContent.hasCode)
            )
            """, [.text(JSONColumns.strings(codes))])
        }
      }
      for index in indices { batch.contentHashes[episodes[index].episode.id] = hashes?[index] }
      batch.insert(indices.map { episodes[$0] }, onConflict: .ignore)
      let learned = indices.map { episodes[$0] }.filter(\.isLearned).map(\.episode.id)
      if !learned.isEmpty {
        _ = batch.add(
          """
          DELETE FROM learning_queue WHERE episode IN (
            SELECT rowid FROM episodes WHERE id IN (SELECT value FROM json_each(?1))
          )
          """, [.text(JSONColumns.strings(learned))])
      }
      batch.noteAccess(at: accessedAt)
      let results = try await run(&batch)
      written = batch.outcomes(results)
    }
    var outcomes = admissions.map { admission in
      switch admission {
      case .new, .stored: WriteOutcome(disposition: .ignored)
      case .sameContent(let id): WriteOutcome(disposition: .ignored, sameContentID: id)
      case .forgotten: WriteOutcome(disposition: .refused)
      }
    }
    for (index, outcome) in zip(indices, written) { outcomes[index] = outcome }
    return outcomes
  }
}

extension SQLResult {
  /// The texts of the first column.
  var texts: [String] {
    rows.compactMap { row in
      if case .text(let value)? = row.first { value } else { nil }
    }
  }
}

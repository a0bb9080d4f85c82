import Episodes

/// The statements that write episodes in one transaction, and where to find what they did.
///
/// Every row of an episode is written under a random revision number; the statements for its parts
/// look the row up by id and revision, so they do nothing when the row was not written.
struct EpisodeWriteBatch {
  private var parts: [SQLStatement] = []
  /// The values of steps that are not in a statement yet, one row after the other.
  private var pendingSteps: [SQLValue] = []
  private var pendingStepCount = 0
  private var plans: [Plan] = []
  private var writesTags = false
  private var rewritesTags = false
  private let firstRevision = Int64.random(in: 1...Int64.max / 2)

  /// The revision of the episode added next.
  var revision: Int64 { firstRevision + Int64(plans.count) }

  /// The whole transaction: rows and parts, then what follows from them for all episodes together.
  mutating func finish() -> [SQLStatement] {
    if plans.isEmpty { return [] }
    flushSteps()
    let written: [SQLValue] = [
      .text(JSONColumns.strings(plans.map(\.episodeID))), .integer(firstRevision),
      .integer(revision - 1),
    ]
    if rewritesTags { _ = add(EpisodeTags.delete, written) }
    if writesTags { _ = add(EpisodeTags.write, written) }
    _ = add(EpisodeText.write, written)
    return parts
  }

  private struct Plan {
    var episodeID: String
    var row = Row.alone(statement: 0)
    /// The statement that marks a stored episode as being rewritten.
    var mark: Int?
    /// Statements that return the ids of embeddings they delete.
    var removals: [Int] = []
    /// One statement an embedding: a selected id, or an insert.
    var embeddings: [Int] = []
    var selectsIDs = false

    var returningStatement: Int? {
      if case .returned(let statement, _) = row { statement } else { nil }
    }
  }

  /// How to tell whether the row of an episode is written.
  private enum Row {
    /// By the count of affected rows of its statement.
    case alone(statement: Int)
    /// By its revision, which the statement of several rows returns.
    case returned(statement: Int, revision: Int64)

    var statement: Int {
      switch self {
      case .alone(let statement), .returned(let statement, _): statement
      }
    }
  }

  mutating func insert(_ episodes: [NewEpisode], onConflict policy: InsertConflictPolicy) {
    writesTags = true
    switch policy {
    case .fail, .ignore: insertTogether(episodes, ignoresStored: policy == .ignore)
    case .replace:
      for new in episodes { replace(new) }
    }
  }

  /// All rows first, many a statement, then the parts that belong to them.
  private mutating func insertTogether(_ episodes: [NewEpisode], ignoresStored: Bool) {
    let statements = ignoresStored ? EpisodeRow.insertIgnoring : EpisodeRow.insert
    let firstPlan = plans.count
    var start = 0
    for size in RowGroups.sizes(episodes.count) {
      var arguments: [SQLValue] = []
      arguments.reserveCapacity(size * (EpisodeRow.columns.count + 2))
      let statement = parts.count
      for new in episodes[start..<start + size] {
        EpisodeRow.append(new.episode, revision: revision, to: &arguments)
        plans.append(
          Plan(
            episodeID: new.episode.id,
            row: ignoresStored
              ? .returned(statement: statement, revision: revision) : .alone(statement: statement)))
      }
      _ = add(statements[size], arguments)
      start += size
    }
    for (index, new) in episodes.enumerated() {
      let revision = firstRevision + Int64(firstPlan + index)
      addParts(of: new.episode, revision: revision)
    }
    flushSteps()
    for (index, new) in episodes.enumerated() where !new.embeddings.isEmpty {
      var plan = plans[firstPlan + index]
      addEmbeddings(
        new.embeddings, of: new.episode.id, revision: firstRevision + Int64(firstPlan + index),
        mayExist: false, plan: &plan)
      plans[firstPlan + index] = plan
    }
  }

  private mutating func replace(_ new: NewEpisode) {
    let revision = revision
    var plan = Plan(episodeID: new.episode.id)
    startRewrite(of: new.episode, keeping: new.embeddings, revision: revision, plan: &plan)
    plan.row = .alone(
      statement: add(
        EpisodeRow.insertReplacing, EpisodeRow.arguments(new.episode, revision: revision)))
    addParts(of: new.episode, revision: revision)
    addEmbeddings(
      new.embeddings, of: new.episode.id, revision: revision, mayExist: true, plan: &plan)
    plans.append(plan)
  }

  /// Rewrites a stored episode; `nil` leaves its embeddings alone.
  mutating func update(_ episode: Episode, embeddings: [Embedding]?) {
    let revision = revision
    var plan = Plan(episodeID: episode.id)
    startRewrite(of: episode, keeping: embeddings, revision: revision, plan: &plan)
    plan.row = .alone(
      statement: add(EpisodeRow.update, EpisodeRow.arguments(episode, revision: revision)))
    addParts(of: episode, revision: revision)
    addEmbeddings(
      embeddings ?? [], of: episode.id, revision: revision, mayExist: true, plan: &plan)
    plans.append(plan)
  }

  /// Changes a stored episode with `statement`, which sets ``revision``, and adds steps and
  /// embeddings.
  mutating func change(
    _ id: String, by statement: SQLStatement, steps: [ExecutionStep] = [], embeddings: [Embedding]
  ) {
    let revision = revision
    var plan = Plan(episodeID: id)
    plan.row = .alone(statement: add(statement.sql, statement.arguments))
    addSteps(steps, of: id, revision: revision)
    addEmbeddings(embeddings, of: id, revision: revision, mayExist: true, plan: &plan)
    plans.append(plan)
  }

  /// What the transaction did to each episode, in the order they were added.
  func outcomes(_ results: [SQLResult]) -> [WriteOutcome] {
    var returned: [Int: Set<Int64>] = [:]
    for statement in Set(plans.compactMap(\.returningStatement)) {
      returned[statement] = Set(results[statement].integers)
    }
    return plans.map { plan in
      let isWritten =
        switch plan.row {
        case .alone(let statement): results[statement].affectedRowCount > 0
        case .returned(let statement, let revision):
          returned[statement]?.contains(revision) ?? false
        }
      guard isWritten else { return WriteOutcome(disposition: .ignored) }
      let existed = plan.mark.map { results[$0].affectedRowCount > 0 } ?? false
      return WriteOutcome(
        disposition: existed ? .replaced : .inserted,
        embeddingIDs: plan.embeddings.map {
          plan.selectsIDs ? results[$0].firstInteger ?? 0 : results[$0].lastInsertRowID
        },
        removedEmbeddingIDs: plan.removals.flatMap { results[$0].integers })
    }
  }

  /// The episodes whose rows the statement at `index` writes, in their order.
  func episodeIDs(ofRowStatement index: Int) -> [String] {
    plans.filter { $0.row.statement == index }.map(\.episodeID)
  }

  // MARK: - Parts

  private mutating func add(_ sql: String, _ arguments: [SQLValue]) -> Int {
    parts.append(SQLStatement(sql, arguments))
    return parts.count - 1
  }

  /// Marks the stored row, and takes away its parts and the embeddings that will not stay.
  private mutating func startRewrite(
    of episode: Episode, keeping embeddings: [Embedding]?, revision: Int64, plan: inout Plan
  ) {
    writesTags = true
    rewritesTags = true
    let key: [SQLValue] = [.text(episode.id), .integer(revision)]
    plan.mark = add(Self.mark, key)
    _ = add(Self.deleteSteps, key)
    _ = add(Self.deleteCheckpoints, key)
    guard let embeddings else { return }
    let kept = embeddings.map { "\($0.owner.kind.rawValue) \($0.owner.part) \($0.model)" }
    plan.removals.append(
      add(Self.deleteOtherEmbeddings, key + [.text(JSONColumns.strings(kept))]))
  }

  private mutating func addParts(of episode: Episode, revision: Int64) {
    addSteps(episode.steps, of: episode.id, revision: revision)
    let id = SQLValue.text(episode.id)
    for (position, checkpoint) in episode.checkpoints.enumerated() {
      _ = add(
        CheckpointRow.insert,
        CheckpointRow.arguments(checkpoint, position: position, episode: id, revision: revision))
    }
  }

  private mutating func addSteps(_ steps: [ExecutionStep], of id: String, revision: Int64) {
    let id = SQLValue.text(id)
    for step in steps {
      StepRow.append(step, episode: id, revision: revision, to: &pendingSteps)
    }
    pendingStepCount += steps.count
  }

  private mutating func flushSteps() {
    let width = StepRow.columns.count + 2
    var start = 0
    for size in RowGroups.sizes(pendingStepCount) {
      _ = add(StepRow.insert[size], Array(pendingSteps[start..<start + size * width]))
      start += size * width
    }
    pendingSteps = []
    pendingStepCount = 0
  }

  private mutating func addEmbeddings(
    _ embeddings: [Embedding], of id: String, revision: Int64, mayExist: Bool, plan: inout Plan
  ) {
    plan.selectsIDs = mayExist
    for embedding in embeddings {
      var values = EmbeddingRow.arguments(embedding)
      // The owner is spelled as the episode is.
      values[0] = .text(id)
      if mayExist {
        plan.removals.append(
          add(EmbeddingRow.deleteChangedOfEpisode, values + [.integer(revision)]))
      }
      let insert = add(EmbeddingRow.insertOfEpisode, values + [.integer(revision)])
      plan.embeddings.append(mayExist ? add(EmbeddingRow.idOfOwner, Array(values[0..<4])) : insert)
    }
  }

  private static let mark = "UPDATE episodes SET step_count = -1, revision = ?2 WHERE id = ?1"

  private static let deleteSteps =
    "DELETE FROM steps WHERE episode = (SELECT rowid FROM episodes WHERE id = ?1 AND revision = ?2)"

  private static let deleteCheckpoints =
    """
    DELETE FROM checkpoints
    WHERE episode = (SELECT rowid FROM episodes WHERE id = ?1 AND revision = ?2)
    """

  private static let deleteOtherEmbeddings =
    """
    DELETE FROM embeddings
    WHERE episode = (SELECT rowid FROM episodes WHERE id = ?1 AND revision = ?2)
      AND owner_kind || ' ' || part || ' ' || model NOT IN (SELECT value FROM json_each(?3))
    RETURNING id
    """
}

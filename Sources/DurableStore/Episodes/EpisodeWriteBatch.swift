import Episodes

/// The statements that write episodes in one transaction, and where to find what they did.
///
/// Every row of an episode is written under a random revision number; the statements for its parts
/// look the row up by id and revision, so they do nothing when the row was not written. Where it is
/// written for sure they follow it at once, and name it by its place among the rows (``NewRows``).
struct EpisodeWriteBatch {
  var parts: [SQLStatement] = []
  /// Steps that are not in a statement yet.
  var pendingSteps = PendingRows(StepRow.insert, width: StepRow.columns.count + 2)
  var plans: [Plan] = []
  var writesTags = false
  var rewritesTags = false
  /// Of the episodes whose content may be stored once only, by id.
  var contentHashes: [String: String] = [:]
  let firstRevision = Int64.random(in: 1...Int64.max / 2)

  /// The revision of the episode added next.
  var revision: Int64 { firstRevision + Int64(plans.count) }

  /// The whole transaction: rows and parts, then what follows from them for all episodes together.
  mutating func finish() -> [SQLStatement] {
    if plans.isEmpty { return [] }
    pendingSteps.flush(to: &parts)
    if rewritesTags {
      _ = add(
        EpisodeTags.delete,
        [
          .text(JSONColumns.strings(plans.map(\.episodeID))), .integer(firstRevision),
          .integer(revision - 1),
        ])
    }
    if writesTags {
      let members = JSONColumns.members(
        plans.enumerated().map { ($1.episodeID, firstRevision + Int64($0)) })
      _ = add(EpisodeTags.write, [.text("{" + members + "}")])
    }
    return parts
  }

  struct Plan {
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
  enum Row {
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

  mutating func replace(_ new: NewEpisode) {
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
    removeParts(beyond: embeddings, of: id, revision: revision, plan: &plan)
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

  /// The episodes whose rows the statement at `index` and those before it write, in their order.
  func episodeIDs(upToRowStatement index: Int) -> [String] {
    plans.filter { $0.row.statement <= index }.map(\.episodeID)
  }
}

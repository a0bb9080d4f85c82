import Episodes

/// The columns of an episode's own row, in the order they are written and read.
enum EpisodeRow {
  static let columns = [
    "id", "namespace", "agent_id", "session_id", "task_type", "task_description", "domain",
    "language", "framework", "complexity", "context_tags", "start_time", "end_time",
    "outcome_kind", "outcome", "reward_total", "reward_base", "reward_efficiency",
    "reward_complexity_bonus", "reward_quality_multiplier", "reward_learning_bonus", "reflection",
    "salient_features", "pattern_ids", "heuristic_ids", "applied_patterns", "tags", "metadata",
    "latitude", "longitude", "valid_from", "valid_until", "superseded_by",
  ]

  /// `e.rowid` and the columns, for reading from `episodes AS e`.
  static let selection = selected.map { "e.\($0)" }.joined(separator: ", ")
  static let selected = ["rowid"] + columns

  /// Of the row, and not of the episode. A null hash is one that is not known.
  private static let state = ["step_count", "revision", "content_hash"]

  /// How many arguments a row takes.
  static let argumentCount = columns.count + state.count

  private static let insertion =
    "INSERT INTO episodes (\((columns + state).joined(separator: ", "))) VALUES "

  private static func parameters(rowCount: Int) -> String {
    RowGroups.parameters(rowCount: rowCount, width: argumentCount)
  }

  /// Inserts; the arguments of each row are those of ``arguments(_:revision:)``.
  static let insert = RowGroups.Statements { insertion + parameters(rowCount: $0) }

  /// Inserts what is not there, neither the id nor the content, and returns the revisions of those rows.
  static let insertIgnoring = RowGroups.Statements { rowCount in
    insertion + parameters(rowCount: rowCount) + " ON CONFLICT DO NOTHING RETURNING revision"
  }

  static let insertReplacing =
    insert[1] + " ON CONFLICT (id) DO UPDATE SET "
    + (columns.dropFirst() + state).map { "\($0) = excluded.\($0)" }
    .joined(separator: ", ")

  /// Writes the row that is marked as being rewritten.
  static let update =
    "UPDATE episodes SET "
    + (columns + state).enumerated()
    .map { "\($1) = ?\($0 + 1)" }.dropFirst().joined(separator: ", ")
    + " WHERE id = ?1 AND revision = ?\(columns.count + 2)"

  static func arguments(_ episode: Episode, revision: Int64) -> [SQLValue] {
    var arguments: [SQLValue] = []
    append(episode, revision: revision, to: &arguments)
    return arguments
  }

  /// Adds the values of one row to `arguments`.
  ///
  /// - Parameter contentHash: see ``EpisodeContent``; nil where the same content may be stored twice.
  static func append(
    _ episode: Episode, revision: Int64, contentHash: String? = nil,
    to arguments: inout [SQLValue]
  ) {
    let reward = episode.reward
    // One by one: a list of them would be made for each row.
    func add(_ value: SQLValue) { arguments.append(value) }
    add(.text(episode.id))
    add(.text(episode.namespace))
    add(SQLValue(episode.agentID))
    add(SQLValue(episode.sessionID))
    add(.text(episode.taskType.rawValue))
    add(.text(episode.taskDescription))
    add(.text(episode.context.domain))
    add(SQLValue(episode.context.language))
    add(SQLValue(episode.context.framework))
    add(.text(episode.context.complexity.rawValue))
    add(.text(JSONColumns.tags(episode.context.tags)))
    add(.integer(episode.startTime.nanosecondsSince1970))
    add(SQLValue(episode.endTime?.nanosecondsSince1970))
    add(SQLValue(episode.outcome?.kind.rawValue))
    add(SQLValue(episode.outcome.map(JSONColumns.outcome)))
    add(SQLValue(reward?.total))
    add(SQLValue(reward?.base))
    add(SQLValue(reward?.efficiency))
    add(SQLValue(reward?.complexityBonus))
    add(SQLValue(reward?.qualityMultiplier))
    add(SQLValue(reward?.learningBonus))
    add(SQLValue(episode.reflection.map(JSONColumns.reflection)))
    add(SQLValue(episode.salientFeatures.map(JSONColumns.strings)))
    add(.text(JSONColumns.strings(episode.patternIDs)))
    add(.text(JSONColumns.strings(episode.heuristicIDs)))
    add(.text(JSONColumns.appliedPatterns(episode.appliedPatterns)))
    add(.text(JSONColumns.tags(episode.tags)))
    add(.text(JSONColumns.object(episode.metadata)))
    add(SQLValue(episode.location?.latitude))
    add(SQLValue(episode.location?.longitude))
    add(SQLValue(episode.validFrom?.nanosecondsSince1970))
    add(SQLValue(episode.validUntil?.nanosecondsSince1970))
    add(SQLValue(episode.supersededBy))
    add(.integer(Int64(episode.steps.count)))
    add(.integer(revision))
    add(SQLValue(contentHash))
  }

  /// Reads a row of ``selection``: everything but steps and checkpoints.
  static func decode(
    _ values: some RowValues, columns: [String] = selected
  ) throws(DurableStoreError) -> (rowID: Int64, episode: Episode) {
    var row = RowReader(table: "episodes", columns: columns, values: values)
    let rowID = try row.integer()
    var episode = Episode(
      id: try row.text(), namespace: try row.text(), agentID: try row.optionalText(),
      sessionID: try row.optionalText(), taskType: try row.name(TaskType.self),
      taskDescription: try row.text(), context: try context(&row),
      startTime: try row.timestamp(), endTime: try row.optionalTimestamp())
    episode.outcome = try outcome(&row)
    episode.reward = try reward(&row)
    episode.reflection = try row.optionalJSON(JSONColumns.reflection)
    episode.salientFeatures = try row.optionalJSON(JSONColumns.strings)
    episode.patternIDs = try row.json(JSONColumns.strings)
    episode.heuristicIDs = try row.json(JSONColumns.strings)
    episode.appliedPatterns = try row.json(JSONColumns.appliedPatterns)
    episode.tags = try row.json(JSONColumns.tags)
    episode.metadata = try row.json(JSONColumns.object)
    let latitude = try row.optionalReal()
    let longitude = try row.optionalReal()
    if let latitude, let longitude {
      episode.location = Location(latitude: latitude, longitude: longitude)
    }
    episode.validFrom = try row.optionalTimestamp()
    episode.validUntil = try row.optionalTimestamp()
    episode.supersededBy = try row.optionalText()
    return (rowID, episode)
  }

  private static func context(
    _ row: inout RowReader<some RowValues>
  ) throws(DurableStoreError) -> TaskContext {
    TaskContext(
      domain: try row.text(), language: try row.optionalText(), framework: try row.optionalText(),
      complexity: try row.name(TaskComplexity.self), tags: try row.json(JSONColumns.tags))
  }

  static func outcome(
    _ row: inout RowReader<some RowValues>
  ) throws(DurableStoreError) -> TaskOutcome? {
    let kind = try row.optionalName(TaskOutcome.Kind.self)
    return try row.optionalJSON { (text) throws(JSONTextError) in
      guard let kind else { throw JSONTextError(problem: "an outcome without a kind") }
      return try JSONColumns.outcome(text, kind: kind)
    }
  }

  private static func reward(
    _ row: inout RowReader<some RowValues>
  ) throws(DurableStoreError) -> RewardScore? {
    let total = try row.optionalReal()
    let base = try row.optionalReal()
    let efficiency = try row.optionalReal()
    let complexityBonus = try row.optionalReal()
    let qualityMultiplier = try row.optionalReal()
    let learningBonus = try row.optionalReal()
    guard let total else { return nil }
    guard let base, let efficiency, let complexityBonus, let qualityMultiplier, let learningBonus
    else { throw row.failure("a reward without all of its parts") }
    return RewardScore(
      total: total, base: base, efficiency: efficiency, complexityBonus: complexityBonus,
      qualityMultiplier: qualityMultiplier, learningBonus: learningBonus)
  }
}

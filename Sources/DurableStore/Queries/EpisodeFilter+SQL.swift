import Episodes

extension EpisodeFilter {
  /// The filter as a condition on `episodes AS e`, after it is checked.
  func condition() throws(DurableStoreError) -> SQLCondition {
    do {
      try validate()
    } catch {
      throw .invalid(error)
    }
    return sqlCondition
  }

  /// The tag that every result has, by which a listing is read in order: unless something else is
  /// likely to leave fewer.
  private var leadingTag: Tag? {
    guard sessionID == nil, place == nil, agentID == nil, domain == nil else { return nil }
    return tagsAll.first ?? (tagsAny.count == 1 ? tagsAny.first : nil)
  }

  /// The filter as a listing, after it is checked.
  func listing() throws(DurableStoreError) -> EpisodeListing {
    guard let tag = leadingTag else {
      return EpisodeListing(
        source: "episodes AS e", start: "e.start_time", rowID: "e.rowid",
        condition: try condition())
    }
    var rest = self
    if tagsAll.isEmpty { rest.tagsAny = [] } else { rest.tagsAll.removeFirst() }
    rest.since = nil
    rest.until = nil
    var condition = try rest.condition()
    condition.add("t.name = ?", .text(tag.name))
    // On the index that is walked, so that the walk begins and ends there.
    if let since { condition.add("t.start_time >= ?", .integer(since.nanosecondsSince1970)) }
    if let until { condition.add("t.start_time < ?", .integer(until.nanosecondsSince1970)) }
    return EpisodeListing(
      source: "tags AS t CROSS JOIN episodes AS e ON e.rowid = t.episode",
      start: "t.start_time", rowID: "t.episode", condition: condition)
  }

  /// The filter as a condition on `episodes AS e`; the text depends only on which fields are set,
  /// and on how many tags.
  private var sqlCondition: SQLCondition {
    var condition = SQLCondition()
    if let namespace { condition.add("e.namespace = ?", .text(namespace)) }
    if let agentID { condition.add("e.agent_id = ?", .text(agentID)) }
    if let sessionID { condition.add("e.session_id = ?", .text(sessionID)) }
    if let domain { condition.add("e.domain = ?", .text(domain)) }
    if let taskType { condition.add("e.task_type = ?", .text(taskType.rawValue)) }
    if let outcome { condition.add("e.outcome_kind = ?", .text(outcome.rawValue)) }
    if let since { condition.add("e.start_time >= ?", .integer(since.nanosecondsSince1970)) }
    if let until { condition.add("e.start_time < ?", .integer(until.nanosecondsSince1970)) }
    if !tagsAny.isEmpty {
      condition.add(
        """
        e.rowid IN (
          SELECT episode FROM tags WHERE name IN (SELECT value FROM json_each(?))
        )
        """, .text(JSONColumns.tags(tagsAny)))
    }
    for (index, tag) in tagsAll.enumerated() {
      // The first may lead the search; the others are looked up one by one.
      if index == 0 {
        condition.add("e.rowid IN (SELECT episode FROM tags WHERE name = ?)", .text(tag.name))
      } else {
        condition.add(
          "EXISTS (SELECT 1 FROM tags WHERE episode = e.rowid AND name = ?)", .text(tag.name))
      }
    }
    if let language { condition.add("e.language = ?", .text(language)) }
    if let framework { condition.add("e.framework = ?", .text(framework)) }
    if let asOf {
      let time = SQLValue.integer(asOf.nanosecondsSince1970)
      condition.add("coalesce(e.valid_from, e.start_time) <= ?", time)
      condition.add("(e.valid_until IS NULL OR e.valid_until > ?)", time)
    }
    switch isFinished {
    // As the index on unfinished episodes says it.
    case false?: condition.add("e.outcome_kind IS NULL AND e.end_time IS NULL")
    case true?: condition.add("(e.outcome_kind IS NOT NULL OR e.end_time IS NOT NULL)")
    case nil: break
    }
    if isCurrent {
      if asOf == nil {
        condition.add("e.superseded_by IS NULL")
      } else {
        condition.add("(e.superseded_by IS NULL OR e.valid_until IS NOT NULL)")
      }
    }
    if let place { condition.add(place) }
    if let metadata { condition.add(metadata) }
    return condition
  }
}

extension SQLCondition {
  /// Keys and values travel as arguments; only how the conditions are joined shows in the text.
  mutating func add(_ predicate: MetadataPredicate) {
    switch predicate {
    case .exists(let key):
      add("EXISTS (SELECT 1 FROM json_each(e.metadata) AS m WHERE m.key = ?)", .text(key))
    case .equals(let key, let value):
      add(
        "EXISTS (SELECT 1 FROM json_each(e.metadata) AS m WHERE m.key = ? AND m.value = ?)",
        .text(key), .text(value))
    case .isAnyOf(let key, let values):
      add(
        """
        EXISTS (
          SELECT 1 FROM json_each(e.metadata) AS m
          WHERE m.key = ? AND m.value IN (SELECT value FROM json_each(?))
        )
        """, .text(key), .text(JSONColumns.strings(values)))
    case .contains(let key, let text):
      add(
        """
        EXISTS (
          SELECT 1 FROM json_each(e.metadata) AS m WHERE m.key = ? AND instr(m.value, ?) > 0
        )
        """, .text(key), .text(text))
    case .lessThan(let key, let operand):
      switch operand {
      case .text(let text): addComparison("m.value < ?", key, .text(text))
      case .number(let number): addComparison("m.value < CAST(? AS REAL)", key, .real(number))
      }
    case .atMost(let key, let operand):
      switch operand {
      case .text(let text): addComparison("m.value <= ?", key, .text(text))
      case .number(let number): addComparison("m.value <= CAST(? AS REAL)", key, .real(number))
      }
    case .greaterThan(let key, let operand):
      switch operand {
      case .text(let text): addComparison("m.value > ?", key, .text(text))
      case .number(let number):
        // A cast to a number turns texts written as numbers into such; other texts sort above all
        // numbers, infinity included.
        addComparison(
          "m.value > CAST(? AS REAL) AND m.value <= CAST('9e999' AS REAL)", key, .real(number))
      }
    case .atLeast(let key, let operand):
      switch operand {
      case .text(let text): addComparison("m.value >= ?", key, .text(text))
      case .number(let number):
        addComparison(
          "m.value >= CAST(? AS REAL) AND m.value <= CAST('9e999' AS REAL)", key, .real(number))
      }
    case .all(let parts): addGroup(of: parts, joined: " AND ", empty: "true")
    case .any(let parts): addGroup(of: parts, joined: " OR ", empty: "false")
    case .not(let part): addGroup(of: [part], joined: " AND ", empty: "true", negated: true)
    }
  }
}

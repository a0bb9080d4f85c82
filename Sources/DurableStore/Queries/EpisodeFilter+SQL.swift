import Episodes

extension EpisodeFilter {
  /// The filter as a condition on `episodes AS e`; the text depends only on which fields are set.
  var sqlCondition: SQLCondition {
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
    if !tagsAll.isEmpty {
      let names = Set(tagsAll.map { Array($0.name.utf8) }).count
      condition.add(
        """
        e.rowid IN (
          SELECT episode FROM tags WHERE name IN (SELECT value FROM json_each(?))
          GROUP BY episode HAVING count(*) = ?
        )
        """, .text(JSONColumns.tags(tagsAll)), .integer(Int64(names)))
    }
    return condition
  }
}

/// What a listing of episodes, latest start first, is read from.
struct EpisodeListing {
  /// Tables, among them `episodes AS e`, that are joined.
  var source: String
  /// The column of the start.
  var start: String
  /// The column of the row id.
  var rowID: String
  var condition: SQLCondition

  /// Selects the row ids of the first `limit` episodes that come after a cursor.
  mutating func rowIDs(after cursor: EpisodeCursor?, limit: Int) -> SQLStatement {
    if let cursor {
      let place = [SQLValue.integer(cursor.startNanoseconds), .integer(cursor.rowID)]
        .map { condition.parameter($0) }
      condition.add(raw: "(\(start), \(rowID)) < (\(place[0]), \(place[1]))")
    }
    let limit = condition.parameter(.integer(Int64(limit)))
    return SQLStatement(
      "SELECT \(rowID) FROM \(source) WHERE \(condition.sql) "
        + "ORDER BY \(start) DESC, \(rowID) DESC LIMIT \(limit)", condition.arguments)
  }
}
